import NIOCore

/// Decides when a listening socket's next connections are accepted.
final class AcceptGate: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let server: DoorServer
    private let port: UInt16
    private var context: ChannelHandlerContext?
    /// Whether an accept(2) has failed, and the next one waits for the next tick.
    private var hasFailed = false
    private var hasReported = false

    init(server: DoorServer, port: UInt16) {
        self.server = server
        self.port = port
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) { resume() }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !hasFailed, !server.isFull { context.read() }
        context.fireChannelReadComplete()
    }

    /// The channel stays open if the host has no descriptor or no memory left (EMFILE, ENFILE, ENOBUFS, ENOMEM), or if the
    /// client has gone in between.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hasFailed = true
        // After an error, the read that was asked for stays asked for, and would fail again at once and for ever. Only
        // the end of automatic reading takes a request back.
        let options = context.channel.syncOptions
        try? options?.setOption(.autoRead, value: true)
        try? options?.setOption(.autoRead, value: false)
        guard !hasReported else { return }
        hasReported = true
        server.report("cannot accept a connection at port \(port): \(error); trying again")
    }

    func resume() {
        hasFailed = false
        if !server.isFull { context?.read() }
    }
}
