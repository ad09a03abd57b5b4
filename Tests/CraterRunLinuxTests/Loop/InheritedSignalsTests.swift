import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct InheritedSignalsTests {
    /// What a process may be started with.
    struct Case: Sendable, CustomTestStringConvertible {
        let blocked: [Int32]
        let ignored: [Int32]
        var testDescription: String { "blocked \(blocked), ignored \(ignored)" }
    }

    static let cases = [
        Case(blocked: [], ignored: []),
        Case(blocked: [SIGTERM], ignored: [SIGPIPE]),
        Case(blocked: [SIGHUP, SIGCHLD], ignored: [SIGCHLD]),
        Case(blocked: [34, 50, 64], ignored: [SIGHUP, 34, 64]),
        Case(blocked: [SIGUSR1], ignored: [32, 33]),
        Case(blocked: (1...64).filter { ![SIGKILL, SIGSTOP, 32, 33].contains($0) }, ignored: [SIGINT]),
        Case(blocked: [], ignored: (1...64).filter { ![SIGKILL, SIGSTOP].contains($0) }),
    ]

    /// The whole chain, as crater-run is started by somebody and starts an app: exec keeps mask and dispositions.
    @Test(arguments: cases) func childrenGetMaskAndDispositionsAsTheyWereGiven(_ given: Case) async throws {
        try await OwnProcess.run(for: given.testDescription) {
            for signal in given.ignored { clinux_set_ignored(signal, 1) }
            for signal: Int32 in 1...64 where !given.ignored.contains(signal) { clinux_set_ignored(signal, 0) }
            var mask = sigset_t()
            for signal in given.blocked { clinux_sigset_add(&mask, signal) }
            pthread_sigmask(SIG_SETMASK, &mask, nil)

            let inherited = InheritedSignals.recordAndBlockAll()
            #expect(inherited.blockedNumbers == given.blocked)
            #expect((1...64).filter { inherited.ignores(Signal(number: $0)) } == given.ignored)

            var children = ChildProcesses(inherited: inherited)
            let pipe = try TestPipe()
            let pid = try children.spawn([try Tool.path("cat"), "/proc/self/status"], output: pipe.writeEnd)
            pipe.closeWriteEnd()
            let status = Wait.readToEnd(pipe.readEnd)
            _ = children.end(of: pid)
            #expect(statusField("SigBlk", in: status) == signalMask(given.blocked))
            #expect(statusField("SigIgn", in: status) == signalMask(given.ignored))
            #expect(statusField("SigCgt", in: status) == signalMask([]))
        }
    }

    @Test func everythingIsBlockedOnceRecordedAndPutBackByRestore() async throws {
        try await OwnProcess.run {
            clinux_set_ignored(SIGCHLD, 1)
            clinux_set_ignored(SIGPIPE, 1)
            var mask = sigset_t()
            clinux_sigset_add(&mask, SIGUSR2)
            pthread_sigmask(SIG_SETMASK, &mask, nil)
            let inherited = InheritedSignals.recordAndBlockAll()
            let all = (1...64).filter { ![SIGKILL, SIGSTOP].contains($0) }
            #expect(try ownMask() == signalMask(all))
            // Else the kernel would reap children by itself.
            #expect(clinux_is_ignored(SIGCHLD) == 0)
            #expect(clinux_is_ignored(SIGPIPE) == 1)
            inherited.restore()
            let restored = try ownMask()
            #expect(restored == signalMask([SIGUSR2]))
            #expect(clinux_is_ignored(SIGCHLD) == 1)
        }
    }

    @Test func closedStandardDescriptorsAreFilled() async throws {
        try await OwnProcess.run {
            let saved = (0...2).map { dup($0) }
            for closed: [Int32] in [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] {
                for descriptor in closed { close(descriptor) }
                StandardDescriptors.fillClosed()
                // A job finds them closed, as they were given.
                for descriptor in closed {
                    #expect(clinux_descriptor_flags(descriptor) == FD_CLOEXEC)
                    #expect(SmallFile.link("/proc/self/fd/\(descriptor)") == "/dev/null")
                }
            }
            for (descriptor, copy) in saved.enumerated() { dup2(copy, Int32(descriptor)) }
            let before = openDescriptors()
            StandardDescriptors.fillClosed()
            #expect(openDescriptors() == before)
        }
    }

    @Test(.enabled(if: Host.canUnshare)) func closedDescriptorsAreFilledWithoutADeviceDirectory() async throws {
        try await OwnProcess.run {
            let empty = try TemporaryDirectory()
            let root = try systemCall("open") { clinux_open("/", O_RDONLY | O_CLOEXEC, 0) }
            try systemCall("chroot") { chroot(empty.path) }
            defer {
                fchdir(root)
                chroot(".")
            }
            let saved = (0...2).map { dup($0) }
            clinux_set_ignored(SIGPIPE, 1)
            for closed: [Int32] in [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] {
                for (descriptor, copy) in saved.enumerated() { dup2(copy, Int32(descriptor)) }
                for descriptor in closed { close(descriptor) }
                StandardDescriptors.fillClosed()
                let isOpen = (0...2).map { clinux_descriptor_flags($0) != -1 }
                // Input is at its end, and output fails instead of going where nobody meant it to.
                var byte: UInt8 = 0
                let results = closed.map { $0 == 0 ? read($0, &byte, 1) : write($0, &byte, 1) }
                let next = dup(saved[0])
                close(next)
                for (descriptor, copy) in saved.enumerated() { dup2(copy, Int32(descriptor)) }
                #expect(isOpen == [true, true, true], "\(closed)")
                #expect(results == closed.map { $0 == 0 ? 0 : -1 }, "\(closed)")
                // No end of a pipe is left over.
                #expect(next == (saved.max() ?? 0) + 1, "\(closed)")
            }
        }
    }
}

extension InheritedSignals {
    fileprivate var blockedNumbers: [Int32] {
        var mask = blocked
        return (1...64).filter { sigismember(&mask, $0) == 1 }
    }
}

/// The calling thread's mask as the kernel has it.
private func ownMask() throws -> String? {
    statusField("SigBlk", in: try SmallFile.read("/proc/thread-self/status"))
}
