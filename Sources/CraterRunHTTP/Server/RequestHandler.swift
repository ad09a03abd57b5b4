import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOHTTP1

/// One connection: takes requests one after the other, within limits of size and time, and writes the answers.
///
/// Requests that come in one piece are handed on one by one by NIO's pipeline handler in front of it: the next one when the
/// end of an answer is written. That is done only once the answer has been taken, and a little later: who sends thousands at once neither fills our memory nor our stack, nor keeps others waiting.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Between an answer and the next request of the same connection: others get their turn. Without it the loop goes through all
    /// requests that are there before it looks for others' again.
    private static let pause = TimeAmount.milliseconds(1)

    private let responder: Responder
    private let limits: ConnectionLimits
    private let table: ConnectionTable
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// From the moment when it is clear what is answered until the answer has been taken.
    private var isAnswering = false
    /// Whether the answer under way is the last one of the connection.
    private var isLast = false
    private var timeout: Scheduled<Void>?
    private var openedAt = NIODeadline.now()
    /// Who is at the other end, where that can be known.
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
        // What is no HTTP has been answered by NIO's own handler; anything else is a connection that is broken.
        context.close(promise: nil)
    }

    /// A client that asks and says at once that it will ask no more still gets its answer.
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
            // Nobody but who may change something is to fill our memory.
            let most = head.method == .POST ? limits.body : 0
            guard body.count + part.readableBytes <= most else {
                isLast = true
                return answer(.refusal(.payloadTooLarge, "at most \(most) bytes are taken"), to: head, context)
            }
            body += Array(part.readableBytesView)
        case .end:
            if let head { respond(to: head, context) }
        }
    }

    /// Why a request is not even read to its end; it is the connection's last then.
    private func refusal(of head: HTTPRequestHead) -> ServerResponse? {
        let refusal: ServerResponse?
        if head.uri.utf8.count > limits.headers {
            // llhttp leaves the length of the first line to whoever calls it.
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
                ? .refusal(.expectationFailed, "nothing is expected of this server") : nil)
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
            let failed = ServerResponse.refusal(.internalServerError, "it could not be answered")
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
        // As long for taking the answer as for asking.
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

    /// The answer has been taken: the next request may come, and does so before this returns if it is there already.
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
