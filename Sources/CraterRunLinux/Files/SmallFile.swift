internal import CLinux
internal import Glibc

/// Reads small files whole, and writes them in one go: files in /proc and other files of the host.
package enum SmallFile {
    /// - Parameter limit: reading stops after this many bytes.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemCallError) -> [UInt8] {
        let descriptor = try systemCall("open", on: path) { clinux_open(path, O_RDONLY | O_CLOEXEC, 0) }
        defer { close(descriptor) }
        return try readAll(descriptor, path: path, limit: limit)
    }

    /// Reads a regular file only: a FIFO or a device is refused, not waited for.
    package static func readRegular(_ path: String, limit: Int) throws(SystemCallError) -> [UInt8] {
        let descriptor = try systemCall("open", on: path) {
            clinux_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
        }
        defer { close(descriptor) }
        return try readRegular(descriptor, path: path, limit: limit)
    }

    /// The same for an open file.
    static func readRegular(_ descriptor: Int32, path: String, limit: Int) throws(SystemCallError) -> [UInt8] {
        guard try FileStatus(of: descriptor, named: path).kind == .regular else {
            throw SystemCallError(call: "read", subject: path, number: EINVAL)
        }
        return try readAll(descriptor, path: path, limit: limit)
    }

    private static func readAll(_ descriptor: Int32, path: String, limit: Int) throws(SystemCallError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = try systemCall("read", on: path) { Glibc.read(descriptor, &buffer, buffer.count) }
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    /// Writes into an existing file. Never waits: a FIFO without a reader is refused.
    package static func write(_ text: String, to path: String) throws(SystemCallError) {
        let descriptor = try systemCall("open", on: path) {
            clinux_open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0)
        }
        defer { close(descriptor) }
        try writeAll(Array(text.utf8), to: descriptor, path: path)
    }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(SystemCallError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try systemCall("write", on: path) {
                rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// The target of a symbolic link, or nil.
    package static func link(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { base in
                WaitingCall.on(path) { readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count) }
            } ?? -1
        }
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
