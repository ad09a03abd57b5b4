internal import CLinux
internal import Glibc

/// Standard output and standard error, for commands that print and end.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of `bytes`. A stream that is closed or full is nobody's fault and ends nothing: the rest is dropped.
    package func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(SystemCallError) {
                let count = try systemCall("write") {
                    rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(count)
            } catch {
                // Somebody else made the open file non-blocking; it stays so, and is waited for.
                guard error.number == EAGAIN, waitUntilWritable() else { return }
            }
        }
    }

    private func waitUntilWritable() -> Bool {
        var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        return (try? systemCall("poll") { poll(&descriptor, 1, -1) }) != nil
    }
}
