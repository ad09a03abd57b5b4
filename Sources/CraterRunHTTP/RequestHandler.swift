import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOHTTP1

/// A request, once all of it is there.
struct Request: Sendable {
    let method: HTTPMethod
    let path: String
    /// What follows the question mark; nil if there is none.
    let query: String?
    let body: [UInt8]
    /// Whether who asks may change something: our own user may, and root.
    let mayChange: Bool

    /// Whether the query has this word, alone or with a value.
    func asks(for word: String) -> Bool {
        query?.split(separator: "&").contains { $0 == word || $0.hasPrefix("\(word)=") } ?? false
    }
}

struct Response: Sendable {
    let status: HTTPResponseStatus
    let type: String
    let body: String
    var headers: [(name: String, value: String)] = []

    static func text(_ status: HTTPResponseStatus, _ body: String) -> Response {
        Response(status: status, type: "text/plain; charset=utf-8", body: body)
    }

    static func json(_ status: HTTPResponseStatus, _ document: some Encodable) -> Response {
        Response(status: status, type: "application/json", body: JSONText.encode(document) + "\n")
    }

    /// A request that was made in a wrong way: `why` is a line.
    static func refusal(_ status: HTTPResponseStatus, _ why: String) -> Response {
        .text(status, "\(status.code) \(status.reasonPhrase): \(why)\n")
    }
}

/// One connection: takes requests one after the other, within limits of size and time, and writes the answers.
///
/// Requests that come in one piece are handed on one by one by NIO's pipeline handler in front of it.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let responder: Responder
    private let limits: ConnectionLimits
    private let table: ConnectionTable
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// Set when the request under way is answered already, and only its end is waited for.
    private var isAnswered = false
    private var isLast = false
    private var timeout: Scheduled<Void>?
    /// Answers that have not been taken yet.
    private var untaken = 0
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

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let new):
            head = new
            body = []
            isAnswered = false
            // llhttp leaves the length of the first line to whoever calls it.
            if new.uri.utf8.count > limits.headers { refuse(.uriTooLong, "the path is too long", context) }
            // RFC 9112, section 3.2.
            if new.version == .http1_1, new.headers["host"].count != 1 {
                refuse(.badRequest, "there must be one Host header", context)
            }
            // Before its body is taken: nobody else is to fill our memory.
            if new.method != .GET, new.method != .HEAD, let refusal = responder.refusal(of: peer) {
                refuse(.forbidden, refusal, context)
            }
            if new.headers.contains(name: "expect") {
                refuse(.expectationFailed, "nothing is expected of this server", context)
            }
        case .body(let part):
            guard !isAnswered else { return }
            guard body.count + part.readableBytes <= limits.body else {
                return refuse(.payloadTooLarge, "at most \(limits.body) bytes are taken", context)
            }
            body += Array(part.readableBytesView)
        case .end:
            guard let head, !isAnswered else { return }
            respond(to: head, context)
        }
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if untaken == 0 { timeout?.cancel() }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = Request(
            method: head.method,
            path: String(parts.first ?? ""),
            query: parts.count > 1 ? String(parts[1]) : nil,
            body: body,
            mayChange: peer.mayChange
        )
        body = []
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        responder.respond(to: request, on: context.eventLoop).whenComplete { result in
            let (handler, context) = bound.value
            let failed = Response.refusal(.internalServerError, "it could not be answered")
            handler.write((try? result.get()) ?? failed, to: head, context)
        }
    }

    /// Answers a request that is not to be read to its end, and hangs up.
    private func refuse(_ status: HTTPResponseStatus, _ why: String, _ context: ChannelHandlerContext) {
        guard let head, !isAnswered else { return }
        isAnswered = true
        isLast = true
        write(.refusal(status, why), to: head, context)
    }

    private func write(_ response: Response, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let isOld = NIODeadline.now() - openedAt > limits.total
        let isLast = self.isLast || isOld || !request.isKeepAlive
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
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            let buffer = context.channel.allocator.buffer(string: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        // As long for taking the answers as for asking; who asks on and takes none gains no time by it.
        if untaken == 0 { waitForRequest(context) }
        untaken += 1
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { result in
            let (handler, context) = bound.value
            guard !isLast, (try? result.get()) != nil else { return context.close(promise: nil) }
            handler.untaken -= 1
            guard handler.untaken == 0 else { return }
            handler.table.answered(context.channel)
            handler.waitForRequest(context)
        }
    }

    private func waitForRequest(_ context: ChannelHandlerContext) {
        timeout?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: limits.request) { bound.value.close(promise: nil) }
    }
}
