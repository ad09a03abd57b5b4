internal import Glibc

/// What the kernel knows about a connected TCP socket.
package enum StreamSocket {
    /// How many bytes the other end's kernel has not acknowledged, the end of the stream among them (SIOCOUTQ, tcp(7)).
    /// 0 if the kernel does not tell.
    package static func unacknowledged(_ socket: Int32) -> Int {
        var count: Int32 = 0
        // SIOCOUTQ has this number, too, and is a macro that Swift does not see.
        guard ioctl(socket, UInt(TIOCOUTQ), &count) == 0 else { return 0 }
        return Int(count)
    }
}
