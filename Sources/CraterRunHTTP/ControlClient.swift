import CraterRunCore
import CraterRunLinux
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a supervisor, and waits for the answer: for commands that ask once and end.
package struct ControlClient: Sendable {
    /// Where the supervisor is.
    package enum Target: Equatable, Sendable {
        case socket(String)
        /// On this machine.
        case port(UInt16)
    }

    package struct Answer: Sendable {
        package let status: Int
        package let body: String
        /// Which supervisor it is; nil where it does not say, so that it is none.
        package let instance: String?
    }

    /// Why there is no answer.
    package struct Failure: Error, Sendable {
        package let reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    private let target: Target

    package init(_ target: Target) {
        self.target = target
    }

    /// Asks.
    ///
    /// - Throws: ``Failure`` where nobody answers within `limit`.
    package func ask(
        _ path: String, method: String = "GET", body: [UInt8] = [], within limit: Duration
    ) throws(Failure) -> Answer {
        // Before NIO, which traps where it has nothing to begin with.
        guard HostReserve.hasDescriptors(8) else { throw Failure(reason: "there is no descriptor left") }
        let exchange = ClientExchange()
        let target = target
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path)
        head.headers.add(name: "Host", value: "localhost")
        head.headers.add(name: "User-Agent", value: "crater-run")
        head.headers.add(name: "Connection", value: "close")
        if !body.isEmpty || method == "POST" {
            head.headers.add(name: "Content-Type", value: "application/json")
            head.headers.add(name: "Content-Length", value: String(body.count))
        }
        let handler = ClientHandler(head: head, body: body, exchange: exchange)
        // No thread is started: this one becomes the event loop until the answer is there.
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            let bound = NIOLoopBound(handler, eventLoop: loop)
            let end = { @Sendable in
                // NIO traps where a loop is shut down twice.
                if bound.value.exchange.takeEnd() { loop.shutdownGracefully { _ in } }
            }
            loop.scheduleTask(in: .nanoseconds(limit.clampedNanoseconds)) {
                bound.value.exchange.fail("no answer within \(DurationText.describe(limit))")
                end()
            }
            let bootstrap = ClientBootstrap(group: loop).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            let connection: EventLoopFuture<any Channel>
            switch target {
            case .socket(let path): connection = bootstrap.connect(unixDomainSocketPath: path)
            case .port(let port):
                // By number: connect(host:) would look it up.
                do {
                    connection = bootstrap.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: Int(port)))
                } catch {
                    connection = loop.makeFailedFuture(error)
                }
            }
            connection.flatMap(\.closeFuture).whenComplete { result in
                if case .failure(let error) = result { bound.value.exchange.fail(ControlClient.describe(error)) }
                end()
            }
        }
        return try exchange.result()
    }

    static func describe(_ error: any Error) -> String {
        switch error {
        case let error as IOError: systemErrorText(error.errnoCode)
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { describe($0.error) } ?? "nobody listens there"
        default: "\(error)"
        }
    }
}

/// What came of a request. Used by one thread, which is the event loop in between.
private final class ClientExchange {
    private var answer: ControlClient.Answer?
    private var reason: String?
    private var hasEnded = false

    /// Whether it has not ended yet; it has from then on.
    func takeEnd() -> Bool {
        defer { hasEnded = true }
        return !hasEnded
    }

    func succeed(_ new: ControlClient.Answer) { answer = answer ?? new }
    func fail(_ why: String) { reason = reason ?? why }

    func result() throws(ControlClient.Failure) -> ControlClient.Answer {
        if let answer { return answer }
        throw ControlClient.Failure(reason: reason ?? "the connection was closed before the answer")
    }
}

/// Sends one request and takes its answer.
private final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// No answer of ours is longer; another's is not read to its end.
    private static let longestAnswer = 16 << 20

    let exchange: ClientExchange
    private let head: HTTPRequestHead
    private let body: [UInt8]
    private var status = 0
    private var instance: String?
    private var received: [UInt8] = []

    init(head: HTTPRequestHead, body: [UInt8], exchange: ClientExchange) {
        self.head = head
        self.body = body
        self.exchange = exchange
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            instance = head.headers.first(name: Responder.instanceHeader)
        case .body(let part):
            received += Array(part.readableBytesView)
            if received.count > ClientHandler.longestAnswer { context.close(promise: nil) }
        case .end:
            let body = String(decoding: received, as: UTF8.self)
            exchange.succeed(ControlClient.Answer(status: status, body: body, instance: instance))
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        exchange.fail(ControlClient.describe(error))
        context.close(promise: nil)
    }
}
