internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The environment that crater-run was started with, as bytes.
package enum ProcessEnvironment {
    /// The entries, `NAME=value` each.
    package static func entries() -> [[UInt8]] {
        guard var cursor = clinux_environment() else { return [] }
        var entries: [[UInt8]] = []
        while let entry = cursor.pointee {
            entries.append(Array(UnsafeBufferPointer(start: entry, count: strlen(entry)).map { UInt8(bitPattern: $0) }))
            cursor += 1
        }
        return entries
    }
}

/// Facts about the process itself.
package enum ThisProcess {
    /// Whether we are PID 1 of our pid namespace.
    package static var isProcessOne: Bool { getpid() == 1 }

    /// Ends with an exit code.
    package static func exit(_ code: Int32) -> Never {
        Glibc.exit(code)
    }

    /// A value that no other run has: marks what belongs to this one, and seeds the jitter.
    package static func nonce() -> UInt64 {
        var value: UInt64 = 0
        if getentropy(&value, MemoryLayout<UInt64>.size) == 0 { return value }
        // Early in a boot, or a sandbox without the call.
        return UInt64(bitPattern: MonotonicClock.now().nanoseconds) ^ UInt64(getpid())
    }
}
