import CraterRunCore
import CraterRunLinux
import NIOCore

/// Asks the reactor whether it turns, on the event loop; however many want to know, one question is under way.
final class ReactorPings {
    private let exchange: SupervisorExchange
    private let loop: any EventLoop
    private var waiting: [EventLoopPromise<Bool>] = []

    init(exchange: SupervisorExchange, loop: any EventLoop) {
        self.exchange = exchange
        self.loop = loop
    }

    /// Whether it answers within ``Responder/patience``.
    func turns() -> EventLoopFuture<Bool> {
        let promise = loop.makePromise(of: Bool.self)
        let deadline = loop.scheduleTask(in: Responder.patience) { promise.succeed(false) }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        waiting.append(promise)
        // The one that is under way answers all that come meanwhile; after a silence it is asked anew.
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
