import CLinux
import CraterRunLinux
import Glibc

/// What comes out of a pipe: read as it comes, kept, and looked at line by line.
final class LineStream {
    /// The end for the process that writes.
    private var writeEnd: Int32
    private(set) var readEnd: Int32
    private(set) var bytes: [UInt8] = []
    /// Where the next ``takeLine(containing:)`` begins.
    private var cursor = 0

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { throw Failure("pipe2: \(systemErrorText(errno))") }
        (readEnd, writeEnd) = (ends[0], ends[1])
        // Each end of a pipe is an open file of its own: the writer does not notice.
        clinux_set_nonblocking(readEnd)
    }

    deinit { close() }

    /// The end to be inherited; ``closeWriteEnd()`` once that has happened.
    var target: SpawnedProcess.Stream { .descriptor(writeEnd) }

    /// Writes until the pipe takes no more: whoever writes next waits for a reader.
    func fill() throws {
        var entry = pollfd(fd: writeEnd, events: Int16(POLLOUT), revents: 0)
        let page = [UInt8](repeating: 0x2E, count: 4096)
        while poll(&entry, 1, 0) == 1 {
            guard write(writeEnd, page, page.count) == page.count else { throw Failure("cannot fill the pipe") }
        }
    }

    func closeWriteEnd() {
        if writeEnd != -1 { Glibc.close(writeEnd) }
        writeEnd = -1
    }

    func close() {
        closeWriteEnd()
        if readEnd != -1 { Glibc.close(readEnd) }
        readEnd = -1
    }

    /// Takes in what is there.
    func drain() {
        guard readEnd != -1 else { return }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(readEnd, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer.prefix(count)
            } else {
                // The end: nothing more to wait for.
                if count == 0 {
                    Glibc.close(readEnd)
                    readEnd = -1
                }
                return
            }
        }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    /// Lines that were passed over are to be looked at again.
    func rewind() { cursor = 0 }

    /// The next whole line with all of these texts in it, after the one that was taken last.
    func takeLine(containing texts: [String]) -> String? {
        var start = cursor
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end + 1
            if texts.allSatisfy({ line.contains($0) }) {
                cursor = start
                return line
            }
        }
        return nil
    }
}
