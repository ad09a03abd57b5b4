import CraterRunCore
import NIOCore

/// A connection to an app: sends one request at a time, and reads its response for the ``ClientConnection`` that it is
/// attached to. Between two requests it waits in the ``UpstreamPool``.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case connecting
        /// In the pool.
        case idle
        /// A response's head.
        case head
        case body(BodyProgress)
        /// The response is complete, and the request is not.
        case answered
        case tunnel
        case closed
    }

    let backend: DoorBackend
    let server: DoorServer
    private var context: ChannelHandlerContext?
    var client: ClientConnection?
    var phase = Phase.connecting
    /// What has come of a response's head, and is not passed yet.
    var received = ByteBuffer()
    private var outlet: Outlet
    var scanner = HeadScanner(limit: HeadLimits.responseBytes)
    /// Whether the connection has served another request before.
    var isKept = false
    /// Whether the app goes on with the connection after the response.
    var isReusable = true
    private var isInputClosed = false
    /// Whether the channel takes more without keeping it in memory.
    private var hasRoom = true
    /// Whether the channel has been asked to read, and nothing has come since. To ask again would cost as much.
    private var isReading = false
    /// The tick at which the connection became idle.
    private(set) var idleSince = 0

    init(server: DoorServer, backend: DoorBackend) {
        self.server = server
        self.backend = backend
        outlet = Outlet(server.buffers)
    }

    // MARK: What the client's connection asks for

    var isConnecting: Bool {
        if case .connecting = phase { true } else { false }
    }

    /// Whether a request can be sent.
    var isOpen: Bool {
        switch phase {
        case .head, .body, .answered, .tunnel: true
        case .connecting, .idle, .closed: false
        }
    }

    var isWritable: Bool { hasRoom && isOpen }

    func attach(_ client: ClientConnection) {
        self.client = client
        if case .idle = phase { phase = .head }
    }

    /// The request and its response are complete: the connection waits for another request, or is closed.
    func detach() {
        client = nil
        guard case .answered = phase, isReusable, !isInputClosed, !outlet.needsFlush else { return abandon() }
        phase = .idle
        isKept = true
        idleSince = server.tick
        server.upstreams.keep(self)
    }

    /// Closes the connection; nobody is told.
    func abandon() {
        client = nil
        if case .idle = phase { server.upstreams.forget(self) }
        if case .closed = phase { return }
        phase = .closed
        received = ByteBuffer()
        server.upstreams.closed()
        context?.close(promise: nil)
    }

    func send(head: [UInt8]) {
        if let context { outlet.write(head, to: context) }
    }

    func pass(_ piece: ByteBuffer) {
        if let context { outlet.write(piece, to: context) }
    }

    func flush() {
        guard outlet.needsFlush, let context else { return }
        outlet.prepareFlush(to: context)
        context.flush()
        outlet.flushed()
    }

    /// Shuts the output of a tunnel after what has been written.
    func shutOutput() {
        guard case .tunnel = phase, let context else { return }
        flush()
        if isInputClosed { closeAfterWriting() } else { context.close(mode: .output, promise: nil) }
    }

    /// Ends a tunnel after what has been written.
    func closeAfterWriting() {
        client = nil
        guard case .tunnel = phase, let context else { return abandon() }
        flush()
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
        // An app that hangs never takes the rest.
        let patience = TimeAmount.seconds(Int64(DoorLimits.upstreamClosing))
        server.loop.assumeIsolated().scheduleTask(in: patience) { context.close(promise: nil) }
    }

    func resumeReading() {
        guard !isReading, wantsRead, let context else { return }
        isReading = true
        context.read()
    }

    // MARK: What the channel says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if case .closed = phase { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        guard case .connecting = phase else { return context.close(promise: nil) }
        // TCP connects a socket to itself if it gets the very port that it connects to, and nobody listens there.
        if case .port = backend, context.localAddress == context.remoteAddress { return connectFailed() }
        phase = .head
        resumeReading()
        client?.upstreamOpened()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        var buffer = unwrapInboundIn(data)
        switch phase {
        case .tunnel: client?.pass(buffer)
        case .body(let body): pass(&buffer, of: body)
        case .head:
            let isNew = received.readableBytes == 0
            if isNew { received = buffer } else { received.writeImmutableBuffer(buffer) }
            readHeads()
            if received.readableBytes == 0 {
                received = ByteBuffer()
            } else if isNew {
                received = server.buffers.copy(received)
            }
        case .idle, .answered: abandonAsOutOfStep()
        case .connecting, .closed: break
        }
        server.buffers.giveBackReceived(buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        client?.flush()
        resumeReading()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        hasRoom = context.channel.isWritable
        if hasRoom { client?.resumeReading() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        isInputClosed = true
        ended(cleanly: true)
    }

    func channelInactive(context: ChannelHandlerContext) { ended(cleanly: false) }

    /// The channel closes itself after an error that matters.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    func connectFailed() {
        guard case .connecting = phase else { return }
        let client = client
        abandon()
        client?.upstreamFailed(.refused)
    }

    private var wantsRead: Bool {
        switch phase {
        case .idle, .answered: true
        case .head, .body, .tunnel: client?.isWritable ?? false
        case .connecting, .closed: false
        }
    }
}
