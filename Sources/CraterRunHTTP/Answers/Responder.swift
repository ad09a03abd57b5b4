import CraterRunCore
import CraterRunLinux
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// What requests are answered from, on the event loop's thread: the snapshot that the reactor left, and commands to it.
final class Responder {
    /// The answer's header that says which supervisor it is.
    static let instanceHeader = "Crater-Run-Instance"
    /// How long the reactor has to answer a ping. The kubelet waits for one second unless told otherwise.
    static let patience = TimeAmount.milliseconds(800)

    let instance: String
    private let exchange: SupervisorExchange
    private let options: HealthServerOptions
    let allowsChanges: Bool
    private let pings: ReactorPings

    /// - Parameter allowsChanges: whether it answers on the control socket, where it is known who asks.
    init(exchange: SupervisorExchange, options: HealthServerOptions, allowsChanges: Bool, pings: ReactorPings) {
        self.exchange = exchange
        self.options = options
        self.allowsChanges = allowsChanges
        self.pings = pings
        instance = exchange.snapshot.identity.instance
    }

    /// What a request that is no GET is answered with before it is read; nil where it may be read.
    func refusal(of peer: PeerCredentials) -> ServerResponse? {
        guard allowsChanges else { return wrongMethod("GET, HEAD") }
        guard !peer.mayChange else { return nil }
        let user = ThisProcess.user
        return .refusal(
            .forbidden, "this supervisor is user \(user)'s: only that user and root may change what it does")
    }

    /// What a request is answered with that asks for no path: of the server (`OPTIONS *`), or to be a proxy (CONNECT).
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

    /// Changes are for our own user and for root: nobody else's request comes so far but one without a body.
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
            // Where the reactor was faster, its answer is on its way.
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
            return loop.makeSucceededFuture(.refusal(.badRequest, "the body is no hand-over"))
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

/// What may be asked on the control socket, beside the health endpoints.
private enum ControlRoute {
    case status
    case change(ControlCommand)
    case serve

    init?(_ target: RequestTarget) {
        let parts = target.segments
        switch (parts.first, parts.count) {
        case ("v1", 2) where parts[1] == "status": self = .status
        case ("v1", 2) where parts[1] == "apps": self = .serve
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "start": self = .change(.start(app: parts[2]))
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "stop": self = .change(.stop(app: parts[2]))
        case ("v1", 4) where parts[1] == "apps" && parts[3] == "restart": self = .change(.restart(app: parts[2]))
        default: return nil
        }
    }
}
