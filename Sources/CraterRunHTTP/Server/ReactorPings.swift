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

/// Ends a supervisor whose reactor no longer turns, so that the init role starts it again (or, without one, the kubelet the
/// container).
///
/// Silence alone proves nothing: an idle reactor waits. So it is asked, and has to stay silent at several looks in a row, which
/// are ours to miss when the whole process was stopped or the machine slept.
final class ReactorWatch {
    /// How long it may be silent before it is asked.
    private static let quiet = Duration.seconds(5)
    /// Looks a second apart without an answer, from then on.
    private static let looks = 5

    private let exchange: SupervisorExchange
    private let loop: any EventLoop
    private let end: @Sendable () -> Void
    private var missed = 0

    /// - Parameter end: called once it has been silent for 10 s.
    init(exchange: SupervisorExchange, loop: any EventLoop, end: @escaping @Sendable () -> Void) {
        self.exchange = exchange
        self.loop = loop
        self.end = end
    }

    func begin() { look(in: ReactorWatch.quiet) }

    private func look(in delay: Duration) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .nanoseconds(max(delay.clampedNanoseconds, 1_000_000))) { bound.value.look() }
    }

    private func look() {
        let silence = exchange.lastTurn.duration(to: MonotonicClock.now())
        if silence < ReactorWatch.quiet {
            missed = 0
            return look(in: ReactorWatch.quiet - silence)
        }
        // Anew at each look: after a pause of the whole process an answer to the last one says nothing of now.
        _ = exchange.ping {}
        missed += 1
        if missed > ReactorWatch.looks { return end() }
        look(in: .seconds(1))
    }
}
