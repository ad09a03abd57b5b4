import CLinux
import CraterRunCore
import Glibc

@testable import CraterRunLinux

/// Waits for conditions, never for durations: each ends as soon as what is waited for is there, and gives up long after it
/// should have been.
enum Wait {
    /// When something that takes milliseconds is taken to never happen, on a machine that is busy with other things.
    static let limit = Duration.seconds(30)

    /// Waits until a descriptor is readable (or at its end).
    static func untilReadable(_ descriptor: Int32) -> Bool { until(descriptor, POLLIN) }

    static func untilWritable(_ descriptor: Int32) -> Bool { until(descriptor, POLLOUT) }

    /// Whether a descriptor is readable at this moment.
    static func isReadable(_ descriptor: Int32) -> Bool { until(descriptor, POLLIN, within: .zero) }

    /// Whether a descriptor is writable at this moment.
    static func isWritable(_ descriptor: Int32) -> Bool { until(descriptor, POLLOUT, within: .zero) }

    /// Looks every millisecond whether it holds, for what no descriptor tells.
    static func until(_ condition: () throws -> Bool) rethrows -> Bool {
        let end = MonotonicClock.now().advanced(by: limit)
        while try !condition() {
            guard MonotonicClock.now() < end else { return false }
            _ = poll(nil, 0, 1)
        }
        return true
    }

    /// Everything up to the end of the file. Ends early if nothing comes for too long, or `enough` is there.
    static func readToEnd(_ descriptor: Int32, enough: Int = .max, within limit: Duration = limit) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < enough, until(descriptor, POLLIN, within: limit) {
            let count = read(descriptor, &buffer, min(buffer.count, enough - bytes.count))
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    private static func until(
        _ descriptor: Int32,
        _ events: Int32,
        within limit: Duration = limit
    ) -> Bool {
        let milliseconds = Int32(limit.clampedNanoseconds / 1_000_000)
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let count = poll(&entry, 1, milliseconds)
            if count == -1, errno == EINTR { continue }
            return count == 1
        }
    }
}

/// A pipe of the test's own.
final class TestPipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init(isNonblocking: Bool = false) throws {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe2") { clinux_pipe(&ends) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        if isNonblocking { clinux_set_nonblocking(readEnd) }
    }

    func closeReadEnd() { close(readEnd) }
    func closeWriteEnd() { close(writeEnd) }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes everything, waiting for room.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(writeEnd, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Runs a body on a thread of its own, since a test must not hold one of the few that all tests share.
func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let argument = Unmanaged.passRetained(Box(body)).toOpaque()
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, argument)
    pthread_detach(thread)
}

/// Text of bytes.
func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// How many descriptors the process has open, but for the kinds that the Swift runtime opens for itself at any time: its
/// event loop's and its timers'.
func openDescriptors() -> Int {
    (Directory.names(in: "/proc/self/fd") ?? []).count { name in
        SmallFile.link("/proc/self/fd/\(name)")?.hasPrefix("anon_inode:[event") == false
            && SmallFile.link("/proc/self/fd/\(name)")?.hasPrefix("anon_inode:[timerfd]") == false
    }
}

/// How many descriptors of every kind the process has open.
func allOpenDescriptors() -> Int { Directory.names(in: "/proc/self/fd")?.count ?? 0 }
