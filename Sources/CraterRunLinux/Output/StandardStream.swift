internal import CLinux
internal import Glibc

/// Standard output and standard error, for commands that print and end.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of `bytes`.
    ///
    /// - Throws: ``SystemCallError`` if the stream takes no more (a full disk, or no reader any more).
    package func write(_ bytes: [UInt8]) throws(SystemCallError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(SystemCallError) {
                let count = try systemCall("write") {
                    rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(count)
            } catch {
                // Another process has made the open file non-blocking. We leave the flag as it is, and wait for room.
                guard error.number == EAGAIN, waitUntilWritable() else { throw error }
            }
        }
    }

    private func waitUntilWritable() -> Bool {
        var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return (try? systemCall("poll") { poll(&descriptor, 1, -1) }) != nil
    }
}
