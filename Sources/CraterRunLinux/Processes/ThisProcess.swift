internal import CLinux
package import CraterRunCore
internal import Glibc

/// Facts about the process itself.
package enum ThisProcess {
    /// The host's name, which is the Pod's name in Kubernetes; empty if it is not known (proc(5), gethostname(2)).
    package static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether we are PID 1 of our pid namespace.
    package static var isProcessOne: Bool { getpid() == 1 }

    /// The words of our command line as the kernel gave them, the program's name first: bytes that need not be UTF-8.
    package static func arguments() -> [[UInt8]] {
        ProcessEnvironment.bytes(of: CommandLine.unsafeArgv)
    }

    /// The words of our parent's command line; empty if /proc does not tell.
    package static func parentArguments() -> [[UInt8]] {
        let bytes = (try? SmallFile.read("/proc/\(getppid())/cmdline", limit: 1 << 16)) ?? []
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }

    /// Sets our name for ps(1), pgrep(1) and the doctor, which know a supervisor by its name. The kernel knows us by the
    /// file name, which may be `exe`, or what a user has renamed the file to.
    package static func takeUsualName() {
        _ = try? systemCall("prctl") { clinux_set_name(ProcessTable.supervisorName) }
    }

    /// Prepares this process, the front door, for its life: it has a name of its own, since it is no supervisor, and the
    /// kernel ends it together with its parent, even if it hangs.
    package static func becomeDoor() {
        _ = try? systemCall("prctl") { clinux_set_name(ProcessTable.doorName) }
        _ = try? systemCall("prctl") { clinux_end_with_parent() }
    }

    package static func exit(_ code: Int32) -> Never {
        Glibc.exit(code)
    }

    /// Ends the process at once, from any thread.
    package static func end(_ code: Int32) -> Never {
        _exit(code)
    }

    /// Ends the process at once; callable from any thread, since other threads may be stuck. The message is written to
    /// stderr if that does not block.
    package static func abandon(_ message: String, code: Int32) -> Never {
        var descriptor = pollfd(fd: StandardStream.error.rawValue, events: Int16(POLLOUT), revents: 0)
        if poll(&descriptor, 1, 0) == 1 {
            try? StandardStream.error.write(Array("crater-run: \(message.printable)\n".utf8))
        }
        TerminationLog.write([message])
        _exit(code)
    }

    /// A pending signal that asks crater-run to end, while all signals are blocked; nil if there is none.
    package static func pendingStop(_ inherited: InheritedSignals) -> Signal? {
        var pending = sigset_t()
        sigpending(&pending)
        return [Signal.interrupt, .terminate, .hangup, .quit].first {
            sigismember(&pending, $0.number) == 1 && !inherited.ignores($0)
        }
    }

    package static var pid: Int32 { getpid() }
    package static var user: UInt32 { geteuid() }

    /// A random value for this run: it marks what belongs to the run, and seeds the jitter of delays.
    package static func nonce() -> UInt64 {
        var value: UInt64 = 0
        if getentropy(&value, MemoryLayout<UInt64>.size) == 0 { return value }
        // The call fails early in a boot, or in a sandbox without it.
        return UInt64(bitPattern: MonotonicClock.now().nanoseconds) ^ UInt64(getpid())
    }
}
