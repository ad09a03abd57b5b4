import CraterRunCore
import NIOCore

/// A client's connection: reads its requests, decides about each, and writes the responses in the order of the requests.
///
/// One request at a time is with an app, on an ``UpstreamConnection``, which reads the response and calls back here. What
/// a client sends beyond its request is kept until the response is complete; nothing more is read then.
final class ClientConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let server: DoorServer
    /// The port at which the connection was accepted.
    let port: UInt16
    /// nil before the channel has the handler, and after.
    var context: ChannelHandlerContext?
    /// The client's address, for X-Forwarded-For.
    private(set) var peer = ""
    var phase = ClientPhase.head
    /// What has come and is not passed yet.
    var received = ByteBuffer()
    var outlet: Outlet
    var scanner = HeadScanner(limit: HeadLimits.requestBytes)
    var exchange: Exchange?
    var upstream: UpstreamConnection?
    /// What is counted in `tunnel`.
    var tunnel: Tunnel?
    /// The tick at which the phase began; in `head`, at which the first byte of the head came.
    var since: Int
    /// In `lingering`: the tick of the client's last bytes.
    var heardAt = 0
    /// The memory in bytes that the connection's request holds while it is not with an app, as the server knows it.
    private(set) var held = 0
    /// Whether the client will send nothing more.
    var isInputClosed = false
    /// Where ``ConnectionTable`` keeps the connection.
    var slot = -1
    private(set) var isProceeding = false
    /// Whether the channel takes more without keeping it in memory.
    private(set) var isWritable = true
    /// Whether the channel has been asked to read, and nothing has come since. To ask again would cost as much.
    private var isReading = false

    init(server: DoorServer, port: UInt16) {
        self.server = server
        self.port = port
        outlet = Outlet(server.buffers)
        since = server.tick
    }

    // MARK: What the channel says

    /// Called while the connection is accepted: it counts before another is.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        server.connections.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        let address = context.remoteAddress?.ipAddress ?? ""
        // An IPv4 client of a socket for both families.
        peer = address.hasPrefix("::ffff:") && address.contains(".") ? String(address.dropFirst(7)) : address
        resumeReading()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = false
        let buffer = unwrapInboundIn(data)
        switch phase {
        case .tunnel:
            tunnel?.take(buffer)
            upstream?.pass(buffer)
        case .lingering: heardAt = server.tick
        case .closing, .closed: break
        case .head, .form, .delay, .exchange:
            let isNew = received.readableBytes == 0
            if isNew {
                if case .head = phase { since = server.tick }
                received = buffer
            } else {
                received.writeImmutableBuffer(buffer)
            }
            proceed()
            if isNew, received.readableBytes > 0 { received = server.buffers.copy(received) }
            settleReceived()
        }
        server.buffers.giveBackReceived(buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        upstream?.flush()
        flush()
        resumeReading()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        guard isWritable else { return }
        upstream?.resumeReading()
        proceed()
        upstream?.flush()
        flush()
        settleReceived()
        resumeReading()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { inputClosed() }
    }

    func channelInactive(context: ChannelHandlerContext) { ended() }

    /// The channel closes itself after an error that matters.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    private func ended() {
        if case .closed = phase { return }
        phase = .closed
        server.left(self)
        endExchange()
        received = ByteBuffer()
        settleReceived()
        let (upstream, use) = (upstream, tunnel?.use)
        self.upstream = nil
        tunnel = nil
        if let use {
            use.tunnels &-= 1
            // The channel ends as well when both sides of a tunnel have been shut in order.
            upstream?.closeAfterWriting()
        } else {
            upstream?.abandon()
        }
    }

    private func inputClosed() {
        guard !isInputClosed else { return }
        isInputClosed = true
        switch phase {
        case .head: endAfterLastRequest()
        case .form, .delay: closeAtOnce()
        case .lingering:
            // The channel closes itself when the client has taken the last answer.
            phase = .closing
            since = server.tick
            if !hasUnwritten { closeAtOnce() }
        case .tunnel: upstream?.shutOutput()
        case .exchange:
            guard let exchange, !exchange.body.isEnded else { return }
            // A request without its end must not look complete to the app.
            if exchange.isResponseComplete { stopUploading() } else { closeAtOnce() }
        case .closing, .closed: break
        }
    }

    // MARK: Reading

    /// Whether the client cannot send another request, and has sent none after the one that is being handled.
    var isLastRequest: Bool { isInputClosed && received.readableBytes == 0 }

    /// Ends the connection of a client that sends nothing more, once everything is handled. What is left then is not a
    /// whole request.
    private func endAfterLastRequest() {
        if case .head = phase, isInputClosed, isWritable || received.readableBytes == 0 {
            closeAfterWriting(lingers: false)
        }
    }

    /// Handles what has been received, as far as possible now.
    func proceed() {
        guard !isProceeding else { return }
        isProceeding = true
        handleReceived()
        isProceeding = false
        endAfterLastRequest()
    }

    private func handleReceived() {
        while received.readableBytes > 0 {
            switch phase {
            // A client that sends requests and reads no answer has to wait.
            case .head: guard isWritable, startRequest() else { return }
            case .form(let body):
                guard received.readableBytes >= body.length else { return }
                finishForm(body)
            case .exchange:
                passBody()
                guard case .head = phase else { return }
            case .delay, .tunnel, .lingering, .closing, .closed: return
            }
        }
    }

    /// Frees what has been handled, and tells how much memory the rest holds.
    func settleReceived() {
        if received.readableBytes == 0 { received = ByteBuffer() }
        let size: Int
        switch phase {
        case .head: size = received.storageCapacity
        case .form(let body): size = body.request.bytes.count + received.storageCapacity
        case .delay(let head): size = head.bytes.count + received.storageCapacity
        case .exchange, .tunnel, .lingering, .closing, .closed: size = 0
        }
        guard size != held else { return }
        let change = size - held
        held = size
        server.waitingChanged(by: change)
    }

    /// Whether the client may send more now.
    var wantsRead: Bool {
        switch phase {
        case .head: isWritable
        case .form, .lingering: true
        case .delay, .closing, .closed: false
        case .tunnel: upstream?.isWritable ?? false
        case .exchange:
            // A client that waits for its response is read from as well, until it sends another request: to stop and to
            // begin again would be two system calls for each request.
            received.readableBytes == 0 && (exchange?.body.isEnded == true || upstream?.isWritable == true)
        }
    }

    func resumeReading() {
        guard !isReading, wantsRead, let context else { return }
        isReading = true
        context.read()
    }

    // MARK: Writing

    func write(_ bytes: [UInt8]) {
        if let context { outlet.write(bytes, to: context) }
    }

    func flush() {
        guard outlet.needsFlush, let context else { return }
        outlet.prepareFlush(to: context)
        context.flush()
        outlet.flushed()
    }
}
