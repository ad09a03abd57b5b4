import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOHTTP1

/// One connection: takes requests one after the other, within limits of size and time, and writes the answers.
///
/// NIO's pipeline handler stands in front of this handler. If a client sends several requests at once, the pipeline
/// handler hands on the next one when the end of an answer is written. This handler writes that end a little after the
/// client has taken the answer. So a client that sends thousands of requests at once fills neither our memory nor our
/// stack, and does not keep other clients waiting.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The pause between an answer and the next request of the same connection, in which other connections get their
    /// turn. Without it, the event loop would answer all waiting requests of one connection before those of the others.
    private static let pause = TimeAmount.milliseconds(1)

    private let responder: Responder
    private let limits: ConnectionLimits
    private let table: ConnectionTable
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// Whether a request is being answered: from the request's end, or its refusal, until the client has taken the
    /// answer.
    private var isAnswering = false
    /// Whether the answer under way is the last one of the connection.
    private var isLast = false
    private var timeout: Scheduled<Void>?
    private var openedAt = NIODeadline.now()
    /// The user at the other end, as far as it is known.
    private var peer = PeerCredentials()

    init(responder: Responder, limits: ConnectionLimits, table: ConnectionTable) {
        self.responder = responder
        self.limits = limits
        self.table = table
    }

    func channelActive(context: ChannelHandlerContext) {
        openedAt = .now()
        table.opened(context.channel)
        waitForRequest(context)
        guard responder.allowsChanges else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        Peer.credentials(of: context.channel).whenSuccess { bound.value.peer = $0 }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        table.closed(context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // NIO's own handler has answered whatever is not HTTP. Any other error means that the connection is broken.
        context.close(promise: nil)
    }

    /// A client that closes its side of the connection right after a request still gets the answer.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        if isAnswering { isLast = true } else { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswering else { return }
        switch unwrapInboundIn(data) {
        case .head(let new):
            head = new
            body = []
            if let refusal = refusal(of: new) { answer(refusal, to: new, context) }
        case .body(let part):
            guard let head else { return }
            // Only a client that may change something may fill our memory, and only such a client's POST comes this
            // far.
            let most = head.method == .POST ? limits.body : 0
            guard body.count + part.readableBytes <= most else {
                isLast = true
                return answer(.refusal(.payloadTooLarge, "the body may have at most \(most) bytes"), to: head, context)
            }
            body += Array(part.readableBytesView)
        case .end:
            if let head { respond(to: head, context) }
        }
    }

    /// The answer to a request that is refused before its body is read, which is then the connection's last request;
    /// nil for other requests.
    private func refusal(of head: HTTPRequestHead) -> ServerResponse? {
        let refusal: ServerResponse?
        if head.uri.utf8.count > limits.headers {
            // llhttp does not limit the length of the first line.
            refusal = .refusal(.uriTooLong, "the path is too long")
        } else if head.version == .http1_1, head.headers["host"].count != 1 {
            // RFC 9112, section 3.2.
            refusal = .refusal(.badRequest, "there must be one Host header")
        } else if head.method != .GET, head.method != .HEAD {
            refusal = responder.refusal(of: peer)
        } else {
            refusal = nil
        }
        let final =
            refusal
            ?? (head.headers.contains(name: "expect")
                ? .refusal(.expectationFailed, "this server does not support the Expect header") : nil)
        if final != nil { isLast = true }
        return final
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isAnswering = true
        timeout?.cancel()
        guard let target = RequestTarget(head.uri) else {
            isLast = true
            return answer(responder.refusalWithoutPath(of: head.method), to: head, context)
        }
        let request = ServerRequest(method: head.method, target: target, body: body, mayChange: peer.mayChange)
        body = []
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        responder.respond(to: request, on: context.eventLoop).whenComplete { result in
            let (handler, context) = bound.value
            let failed = ServerResponse.refusal(.internalServerError, "the request could not be answered")
            handler.answer((try? result.get()) ?? failed, to: head, context)
        }
    }

    private func answer(_ response: ServerResponse, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        isAnswering = true
        if NIODeadline.now() - openedAt > limits.total || !request.isKeepAlive { isLast = true }
        var head = HTTPResponseHead(version: request.version, status: response.status)
        head.headers.add(name: "Content-Type", value: response.type)
        head.headers.add(name: "Content-Length", value: String(response.body.utf8.count))
        head.headers.add(name: "Cache-Control", value: "no-store")
        head.headers.add(name: Responder.instanceHeader, value: responder.instance)
        for (name, value) in response.headers { head.headers.add(name: name, value: value) }
        if isLast {
            head.headers.add(name: "Connection", value: "close")
        } else if request.version == .http1_0 {
            head.headers.add(name: "Connection", value: "keep-alive")
        }
        // The client may take as long to read the answer as to send a request.
        waitForRequest(context)
        let taken: EventLoopFuture<Void>
        if request.method == .HEAD {
            taken = context.writeAndFlush(wrapOutboundOut(.head(head)))
        } else {
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            let buffer = context.channel.allocator.buffer(string: response.body)
            taken = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))))
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        taken.whenComplete { result in
            guard (try? result.get()) != nil else { return bound.value.1.close(promise: nil) }
            loop.scheduleTask(in: RequestHandler.pause) {
                let (handler, context) = bound.value
                handler.wasTaken(context)
            }
        }
    }

    /// Takes note that the client has taken the answer, and allows the next request. If that is there already, it comes
    /// before this function returns.
    private func wasTaken(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, !isLast else { return context.close(promise: nil) }
        isAnswering = false
        table.answered(context.channel)
        waitForRequest(context)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func waitForRequest(_ context: ChannelHandlerContext) {
        timeout?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: limits.request) { bound.value.close(promise: nil) }
    }
}
