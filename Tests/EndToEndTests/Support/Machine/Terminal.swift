import CraterRunLinux
import Foundation

/// A pseudo-terminal (pty(7)), from the side of the person who sits at it.
final class Terminal {
    /// The side that a program is started on.
    let path: String
    private var primary: Int32
    private var bytes: [UInt8] = []

    init() throws {
        // What posix_openpt(3), unlockpt(3) and ptsname(3) do, which Swift's Glibc module lacks.
        primary = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (isLocked, number): (Int32, Int32) = (0, 0)
        guard primary != -1, ioctl(primary, 0x4004_5431, &isLocked) == 0, ioctl(primary, 0x8004_5430, &number) == 0
        else { throw Failure("cannot open a terminal: \(systemErrorText(errno))") }
        path = "/dev/pts/\(number)"
    }

    deinit { hangUp() }

    /// What a program's descriptors are to be.
    var stream: SpawnedProcess.Stream { .terminal(path) }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(primary, bytes, bytes.count)
    }

    /// Types a key together with Ctrl.
    func control(_ key: Character) {
        guard let code = key.asciiValue else { return }
        type(String(UnicodeScalar(code & 0x1F)))
    }

    func resize(rows: UInt16, columns: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
    }

    /// Nobody sits there any more.
    func hangUp() {
        if primary != -1 { close(primary) }
        primary = -1
    }

    /// Waits for the next output with this text, and takes everything up to its end.
    @discardableResult
    func wait(for text: String) throws -> String {
        let deadline = Deadline()
        let wanted = Data(text.utf8)
        while true {
            if let range = Data(bytes).range(of: wanted) {
                defer { bytes.removeFirst(range.upperBound) }
                return String(decoding: bytes[..<range.upperBound], as: UTF8.self)
            }
            var entry = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
            var buffer = [UInt8](repeating: 0, count: 4096)
            let isReady = poll(&entry, 1, 1000) == 1
            let count = isReady ? read(primary, &buffer, buffer.count) : 0
            if count > 0 { bytes += buffer.prefix(count) }
            guard !deadline.hasPassed, !isReady || count > 0 else {
                throw Failure("waited in vain for \(text) after \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    /// The process group in the foreground, as this pid namespace has it.
    var foreground: Int32 { tcgetpgrp(primary) }
}
