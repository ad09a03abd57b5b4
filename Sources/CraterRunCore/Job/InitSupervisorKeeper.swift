/// Keeps the supervisor process running: started again whatever it died of, later each time, until it is asked to stop.
struct InitSupervisorKeeper: Sendable {
    /// From SIGTERM to SIGKILL: it gives its apps five seconds, and needs a moment of its own.
    static let stopTimeout = Duration.seconds(6)
    /// Having lived this long, it is worth an early start again.
    private static let stableTime = Duration.seconds(10)

    /// After so many failures in a row it is not somebody who kills it, but something that will not go away soon.
    private static let patience = 20
    private static let longestDelay = Duration.seconds(60)
    /// So many in a row are no chance: what the next one does may well hang it, too.
    private static let tellableHangs = 2

    private enum State {
        case absent
        case due(Instant)
        case running(since: Instant)
        /// It was asked to stop. `killAt` is nil once it has been killed.
        case stopping(killAt: Instant?)
    }

    private var state = State.absent
    private var attempts = 0
    /// In a row, without a stable time in between.
    private var failures = 0
    /// How many in a row ended because they hung.
    private var hangs = 0
    /// Whether one that has ended is started again.
    private var isKept = true
    private var backoff: Backoff

    init(seed: UInt64) {
        backoff = Backoff(first: .milliseconds(100), longest: .seconds(5), seed: seed)
    }

    /// Whether there is no supervisor process, and none is to be started.
    var isGone: Bool {
        if case .absent = state { true } else { false }
    }

    var deadline: Instant? {
        switch state {
        case .absent, .running: nil
        case .due(let time): time
        case .stopping(let killAt): killAt
        }
    }

    /// The first one is to be started then.
    mutating func begin(at time: Instant) {
        if case .absent = state, isKept { state = .due(time) }
    }

    /// None is to be started for now.
    mutating func cancel() {
        if case .due = state { state = .absent }
    }

    /// From now on none is started any more; one that runs goes on.
    mutating func keepNoLonger() {
        isKept = false
        cancel()
    }

    mutating func launched(at now: Instant) {
        state = .running(since: now)
    }

    mutating func launchFailed(_ reason: String, at now: Instant) -> [InitEffect] {
        if case .stopping = state {
            state = .absent
            return []
        }
        return [retry("cannot start the supervisor of the apps: \(reason)", at: now)]
    }

    mutating func ended(_ status: ExitStatus, at now: Instant) -> [InitEffect] {
        guard case .running(let start) = state else {
            state = .absent
            return []
        }
        let life = start.duration(to: now)
        let hasHung = status == .exited(code: SupervisorExit.hung)
        hangs = hasHung ? hangs + 1 : 0
        // It takes one ten seconds to find out that it hangs.
        if life >= InitSupervisorKeeper.stableTime, !hasHung {
            backoff.reset()
            failures = 0
        }
        return [
            retry("the supervisor of the apps \(status) after \(DurationText.describe(life)); the job goes on", at: now)
        ]
    }

    private mutating func retry(_ why: String, at now: Instant) -> InitEffect {
        guard isKept else {
            state = .absent
            return .log(LogEntry(.info, "\(why); everything is to end, so it is not started again"))
        }
        failures += 1
        let delay = failures > InitSupervisorKeeper.patience ? InitSupervisorKeeper.longestDelay : backoff.next()
        state = .due(now.advanced(by: delay))
        return .log(LogEntry(.warning, "\(why); starting it again in \(DurationText.describe(delay))"))
    }

    /// Asks it to end, unless it has been asked already.
    mutating func stop(at now: Instant) -> [InitEffect] {
        switch state {
        case .absent, .stopping: return []
        case .due:
            state = .absent
            return []
        case .running:
            state = .stopping(killAt: now.advanced(by: InitSupervisorKeeper.stopTimeout))
            // One that is stopped would never see the first.
            return [.signalSupervisor(.terminate), .signalSupervisor(.resume)]
        }
    }

    /// Somebody else kills it now.
    mutating func abandon() {
        switch state {
        case .absent, .due: state = .absent
        case .running, .stopping: state = .stopping(killAt: nil)
        }
    }

    mutating func expire(at now: Instant) -> [InitEffect] {
        switch state {
        case .due(let time) where time <= now:
            attempts += 1
            return [
                .launchSupervisor(
                    attempt: attempts, afterHangs: hangs < InitSupervisorKeeper.tellableHangs ? 0 : hangs)
            ]
        case .stopping(let killAt?) where killAt <= now:
            state = .stopping(killAt: nil)
            return [
                .log(LogEntry(.warning, "the supervisor of the apps has not ended in time: killing it and its apps")),
                .killSupervisor,
            ]
        default:
            return []
        }
    }
}
