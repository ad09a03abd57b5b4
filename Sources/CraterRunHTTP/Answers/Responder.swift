import CraterRunCore
import CraterRunLinux
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Answers requests on the event loop's thread: from the reactor's last snapshot, or by handing a command to the
/// reactor.
final class Responder {
    /// The header in which each answer says which supervisor gave it.
    static let instanceHeader = "Crater-Run-Instance"
    /// How long the reactor may take to answer a ping. The kubelet waits one second for a probe, unless it is told
    /// otherwise.
    static let patience = TimeAmount.milliseconds(800)

    let instance: String
    private let exchange: SupervisorExchange
    private let options: HealthServerOptions
    let allowsChanges: Bool
    private let pings: ReactorPings

    /// - Parameter allowsChanges: whether the requests come over the control socket, where the client's user is known.
    init(exchange: SupervisorExchange, options: HealthServerOptions, allowsChanges: Bool, pings: ReactorPings) {
        self.exchange = exchange
        self.options = options
        self.allowsChanges = allowsChanges
        self.pings = pings
        instance = exchange.snapshot.identity.instance
    }

    /// The answer to a request that is neither GET nor HEAD and is refused before its body is read; nil if the body may
    /// be read.
    func refusal(of peer: PeerCredentials) -> ServerResponse? {
        guard allowsChanges else { return wrongMethod("GET, HEAD") }
        guard !peer.mayChange else { return nil }
        let user = ThisProcess.user
        return .refusal(
            .forbidden, "this supervisor is user \(user)'s: only that user and root may change what it does")
    }

    /// The answer to a request without a path: about the server as a whole (`OPTIONS *`), or for a proxy (CONNECT).
    func refusalWithoutPath(of method: HTTPMethod) -> ServerResponse {
        guard method == .OPTIONS || method == .CONNECT else {
            return .refusal(.badRequest, "the target is neither a path nor a URL")
        }
        return wrongMethod(allowsChanges ? "GET, HEAD, POST" : "GET, HEAD")
    }

    func respond(to request: ServerRequest, on loop: any EventLoop) -> EventLoopFuture<ServerResponse> {
        if let endpoint = HealthEndpoint(request.target) {
            return readOnly(request, on: loop) {
                self.answer(endpoint, verbose: request.target.asks(for: "verbose"), on: loop)
            }
        }
        guard allowsChanges else { return loop.makeSucceededFuture(notFound) }
        switch ControlRoute(request.target) {
        case .status:
            return readOnly(request, on: loop) { loop.makeSucceededFuture(self.status()) }
        case .links:
            return readOnly(request, on: loop) { loop.makeSucceededFuture(self.links(for: request)) }
        case .change(let command):
            return change(request, on: loop) { self.follow(command, on: loop) }
        case .serve:
            return change(request, on: loop) { self.handOver(request, on: loop) }
        case nil:
            return loop.makeSucceededFuture(notFound)
        }
    }

    private var notFound: ServerResponse {
        let more = allowsChanges ? ", /v1/status" : ""
        return .refusal(
            .notFound, "there are /livez, /readyz, /readyz/<app>, /startupz, /healthz, /metrics\(more)")
    }

    private func readOnly(
        _ request: ServerRequest, on loop: any EventLoop, _ body: () -> EventLoopFuture<ServerResponse>
    ) -> EventLoopFuture<ServerResponse> {
        guard request.method == .GET || request.method == .HEAD else {
            return loop.makeSucceededFuture(wrongMethod("GET, HEAD"))
        }
        return body()
    }

    private func wrongMethod(_ allowed: String) -> ServerResponse {
        var response = ServerResponse.refusal(.methodNotAllowed, "use \(allowed)")
        response.headers = [("Allow", allowed)]
        return response
    }
}

// MARK: - Health

extension Responder {
    private func answer(_ endpoint: HealthEndpoint, verbose: Bool, on loop: any EventLoop) -> EventLoopFuture<
        ServerResponse
    > {
        let snapshot = exchange.snapshot
        let report = allowsChanges ? snapshot.report : snapshot.report.withoutReasons
        let answers = HealthAnswers(readyWhen: options.readyWhen, report: report)
        switch endpoint {
        case .live:
            return pings.turns().map { Responder.response(answers.live(turns: $0, verbose: verbose)) }
        case .ready(let app):
            return loop.makeSucceededFuture(Responder.response(answers.ready(app: app, verbose: verbose)))
        case .startup:
            return loop.makeSucceededFuture(Responder.response(answers.startup(verbose: verbose)))
        case .metrics:
            let metrics = Metrics(
                of: snapshot, readyWhen: options.readyWhen, version: options.version, usage: .own())
            let type = "text/plain; version=0.0.4; charset=utf-8"
            return loop.makeSucceededFuture(ServerResponse(status: .ok, type: type, body: metrics.text))
        }
    }

    private static func response(_ answer: HealthAnswer) -> ServerResponse {
        .text(HTTPResponseStatus(statusCode: answer.status), answer.body)
    }
}

// MARK: - Control

extension Responder {
    private func status() -> ServerResponse {
        let document = StatusDocument(
            of: exchange.snapshot, readyWhen: options.readyWhen, version: options.version, at: MonotonicClock.now())
        return .json(.ok, document)
    }

    /// The links have the keys of logins, so only our own user and root get them.
    private func links(for request: ServerRequest) -> ServerResponse {
        guard request.mayChange else {
            return .refusal(
                .forbidden, "this supervisor is user \(ThisProcess.user)'s: only that user and root may see the links")
        }
        return .json(.ok, LinksDocument(of: exchange.snapshot.report))
    }

    /// Answers a request to change something, which our own user and root may make. Another user's request comes this
    /// far only as GET or HEAD, and is refused for its method.
    private func change(
        _ request: ServerRequest,
        on loop: any EventLoop,
        _ body: () -> EventLoopFuture<ServerResponse>
    ) -> EventLoopFuture<ServerResponse> {
        guard request.method == .POST, request.mayChange else { return loop.makeSucceededFuture(wrongMethod("POST")) }
        return body()
    }

    private func follow(_ command: ControlCommand, on loop: any EventLoop) -> EventLoopFuture<ServerResponse> {
        post(command, on: loop).map(Responder.response)
    }

    private func post(_ command: ControlCommand, on loop: any EventLoop) -> EventLoopFuture<ControlAnswer> {
        let promise = loop.makePromise(of: ControlAnswer.self)
        let stuck = ControlAnswer.refused(reason: HealthAnswers.stuck)
        let claim = SupervisorExchange.Claim()
        let deadline = loop.scheduleTask(in: .seconds(4)) {
            // If the reactor has taken the command already, its answer is on its way.
            if claim.take() { promise.succeed(stuck) }
        }
        let isPosted = exchange.post(command, claim: claim) { answer in
            loop.execute {
                deadline.cancel()
                promise.succeed(answer)
            }
        }
        if !isPosted {
            deadline.cancel()
            promise.succeed(stuck)
        }
        return promise.futureResult
    }

    private static func response(_ answer: ControlAnswer) -> ServerResponse {
        let (status, document): (HTTPResponseStatus, ControlDocument) =
            switch answer {
            case .accepted(let app, let message): (.accepted, ControlDocument(app: app, message: message))
            case .unknown(let names):
                (
                    .notFound,
                    ControlDocument(
                        app: nil,
                        message: names.isEmpty
                            ? "there are no apps yet"
                            : "there is no such app; there are \(names.joined(separator: ", "))")
                )
            case .refused(let reason): (.conflict, ControlDocument(app: nil, message: reason))
            }
        return .json(status, document)
    }

    private func handOver(_ request: ServerRequest, on loop: any EventLoop) -> EventLoopFuture<ServerResponse> {
        guard let handOver = try? JSONDecoder().decode(HandOver.self, from: Data(request.body)) else {
            return loop.makeSucceededFuture(.refusal(.badRequest, "the body is not a hand-over"))
        }
        switch options.definition(handOver) {
        case .failure(let failure):
            let document = ControlDocument(app: nil, message: failure.reason)
            return loop.makeSucceededFuture(
                .json(.unprocessableEntity, document))
        case .success(let definition):
            let keep = options.keep
            return post(.serve(definition), on: loop).map { answer in
                if case .accepted(let app, _) = answer { keep(app, request.body) }
                return Responder.response(answer)
            }
        }
    }
}

/// What the control socket serves besides the health endpoints.
private enum ControlRoute {
    case status
    case links
    case change(ControlCommand)
    case serve

    init?(_ target: RequestTarget) {
        let parts = target.segments
        switch (parts.first, parts.count) {
        case ("v1", 2) where parts[1] == "status": self = .status
        case ("v1", 2) where parts[1] == "links": self = .links
        case ("v1", 2) where parts[1] == "apps": self = .serve
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "start": self = .change(.start(app: parts[2]))
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "stop": self = .change(.stop(app: parts[2]))
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "restart": self = .change(.restart(app: parts[2]))
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "release": self = .change(.release(app: parts[2]))
        default: return nil
        }
    }
}
