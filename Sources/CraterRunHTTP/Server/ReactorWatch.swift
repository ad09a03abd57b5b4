import CraterRunCore
import CraterRunLinux
import NIOCore

/// Ends a supervisor whose reactor no longer turns. The init role then starts it again; without an init role, the
/// kubelet restarts the container.
///
/// Silence alone proves nothing, since an idle reactor waits. So a silent reactor is asked, and the supervisor is ended
/// only after several questions in a row without an answer. One answer may be missing because the whole process was
/// stopped, or because the machine slept.
final class ReactorWatch {
    /// How long the reactor may be silent before it is asked.
    private static let quiet = Duration.seconds(5)
    /// How many questions, a second apart, may stay without an answer.
    private static let questions = 5

    private let exchange: SupervisorExchange
    private let loop: any EventLoop
    private let end: @Sendable () -> Void
    private var missed = 0

    /// - Parameter end: called once the reactor has been silent for 10 s.
    init(exchange: SupervisorExchange, loop: any EventLoop, end: @escaping @Sendable () -> Void) {
        self.exchange = exchange
        self.loop = loop
        self.end = end
    }

    func begin() { ask(in: ReactorWatch.quiet) }

    private func ask(in delay: Duration) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .nanoseconds(max(delay.clampedNanoseconds, 1_000_000))) { bound.value.ask() }
    }

    private func ask() {
        let silence = exchange.lastTurn.duration(to: MonotonicClock.now())
        if silence < ReactorWatch.quiet {
            missed = 0
            return ask(in: ReactorWatch.quiet - silence)
        }
        // A new question each time: after a pause of the whole process, the answer to an old question says nothing
        // about now.
        _ = exchange.ping {}
        missed += 1
        if missed > ReactorWatch.questions { return end() }
        ask(in: .seconds(1))
    }
}
