import CraterRunCore
import CraterRunLinux
import NIOCore

/// Asks the reactor whether it turns. However many callers want to know, only one question is under way. Used on the
/// event loop.
final class ReactorPings {
    private let exchange: SupervisorExchange
    private let loop: any EventLoop
    private var waiting: [EventLoopPromise<Bool>] = []

    init(exchange: SupervisorExchange, loop: any EventLoop) {
        self.exchange = exchange
        self.loop = loop
    }

    /// Whether the reactor answers within ``Responder/patience``.
    func turns() -> EventLoopFuture<Bool> {
        let promise = loop.makePromise(of: Bool.self)
        let deadline = loop.scheduleTask(in: Responder.patience) { promise.succeed(false) }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        waiting.append(promise)
        // The question under way serves all callers that come meanwhile. If it gets no answer, the next caller's is a
        // new one.
        if waiting.count > 1 { return promise.futureResult }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let loop = loop
        let isPosted = exchange.ping { loop.execute { bound.value.answered() } }
        if !isPosted { promise.succeed(false) }
        promise.futureResult.whenSuccess { turns in if !turns { bound.value.gaveUp() } }
        return promise.futureResult
    }

    private func answered() {
        let all = waiting
        waiting = []
        for promise in all { promise.succeed(true) }
    }

    private func gaveUp() {
        let all = waiting
        waiting = []
        for promise in all { promise.succeed(false) }
    }
}
