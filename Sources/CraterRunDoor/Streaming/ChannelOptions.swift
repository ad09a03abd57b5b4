import NIOCore

/// How the door wants its connections. The options are set at once: those of NIO's bootstraps take a promise each, which
/// makes a connection several times as expensive.
extension Channel {
    /// - Parameter firstRead: how many bytes the first read takes, at most.
    func setUp(_ buffers: SharedBuffers, firstRead: Int, keepsAlive: Bool) throws {
        guard let options = syncOptions else { return }
        try options.setOption(.autoRead, value: false)
        try options.setOption(.allowRemoteHalfClosure, value: true)
        try options.setOption(.maxMessagesPerRead, value: 1)
        try options.setOption(.recvAllocator, value: ReceiveAllocator(buffers, firstRead: firstRead))
        try options.setOption(.socketOption(.so_rcvbuf), value: DoorLimits.receiveBuffer)
        if keepsAlive { try options.setOption(.socketOption(.so_keepalive), value: 1) }
    }
}
