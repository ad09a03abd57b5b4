internal import CraterRunCore
internal import CLinux
internal import Glibc

/// A pipe whose ends are closed with it, except for an end that was taken.
final class Pipe {
    private(set) var readEnd: Int32
    let writeEnd: Int32

    init() throws(SystemCallError) {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe2") { clinux_pipe(&ends) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        if readEnd != -1 { close(readEnd) }
        close(writeEnd)
    }

    /// The read end, which the caller closes. It is non-blocking, since no other process has it.
    func takeReadEnd() -> Int32 {
        defer { readEnd = -1 }
        clinux_set_nonblocking(readEnd)
        return readEnd
    }
}
