/// Keeps the supervisor process running until it is asked to stop: starts it again whatever ended it, with growing
/// delays.
struct InitSupervisorKeeper: Sendable {
    /// The time from SIGTERM to SIGKILL: the supervisor gives its apps five seconds, and needs a moment itself.
    static let stopTimeout = Duration.seconds(6)
    /// A supervisor that has lived this long is started again with a short delay.
    private static let stableTime = Duration.seconds(10)

    /// After this many failures in a row, the cause is not a person who kills the supervisor, but a fault that will
    /// last.
    private static let patience = 20
    private static let longestDelay = Duration.seconds(60)
    /// This many hangs in a row are no coincidence: what the next supervisor does may hang it too.
    private static let tellableHangs = 2

    private enum State {
        case absent
        case due(MonotonicInstant)
        case running(since: MonotonicInstant)
        /// The supervisor was asked to stop. `killAt` is nil once it has been killed.
        case stopping(killAt: MonotonicInstant?)
    }

    private var state = State.absent
    private var attempts = 0
    /// Failures in a row, without a stable time in between.
    private var failures = 0
    /// How many supervisors in a row ended because they hung.
    private var hangs = 0
    /// Whether a supervisor that has ended is started again.
    private var isKept = true
    private var backoff: Backoff

    init(seed: UInt64) {
        backoff = Backoff(first: .milliseconds(100), longest: .seconds(5), seed: seed)
    }

    /// Whether there is no supervisor process, and none will be started.
    var isGone: Bool {
        if case .absent = state { true } else { false }
    }

    var deadline: MonotonicInstant? {
        switch state {
        case .absent, .running: nil
        case .due(let time): time
        case .stopping(let killAt): killAt
        }
    }

    /// Plans the first start for this time.
    mutating func begin(at time: MonotonicInstant) {
        if case .absent = state, isKept { state = .due(time) }
    }

    /// Cancels a start that is planned.
    mutating func cancel() {
        if case .due = state { state = .absent }
    }

    /// Starts no supervisor any more; a running one goes on.
    mutating func keepNoLonger() {
        isKept = false
        cancel()
    }

    mutating func launched(at now: MonotonicInstant) {
        state = .running(since: now)
    }

    mutating func launchFailed(_ reason: String, at now: MonotonicInstant) -> [InitEffect] {
        if case .stopping = state {
            state = .absent
            return []
        }
        return [retry("cannot start the supervisor of the apps: \(reason)", at: now)]
    }

    mutating func ended(_ status: ExitStatus, at now: MonotonicInstant) -> [InitEffect] {
        guard case .running(let start) = state else {
            state = .absent
            return []
        }
        let life = start.duration(to: now)
        let hasHung = status == .exited(code: SupervisorExit.hung)
        hangs = hasHung ? hangs + 1 : 0
        // A supervisor takes ten seconds to notice that it hangs.
        if life >= InitSupervisorKeeper.stableTime, !hasHung {
            backoff.reset()
            failures = 0
        }
        return [
            retry("the supervisor of the apps \(status) after \(DurationText.describe(life)); the job goes on", at: now)
        ]
    }

    private mutating func retry(_ why: String, at now: MonotonicInstant) -> InitEffect {
        guard isKept else {
            state = .absent
            return .log(LogEntry(.info, "\(why); crater-run is stopping, so it is not started again"))
        }
        failures += 1
        let delay = failures > InitSupervisorKeeper.patience ? InitSupervisorKeeper.longestDelay : backoff.next()
        state = .due(now.advanced(by: delay))
        return .log(LogEntry(.warning, "\(why); starting it again in \(DurationText.describe(delay))"))
    }

    /// Asks the supervisor to end, unless it has been asked already.
    mutating func stop(at now: MonotonicInstant) -> [InitEffect] {
        switch state {
        case .absent, .stopping: return []
        case .due:
            state = .absent
            return []
        case .running:
            state = .stopping(killAt: now.advanced(by: InitSupervisorKeeper.stopTimeout))
            // A stopped supervisor would not see SIGTERM without SIGCONT.
            return [.signalSupervisor(.terminate), .signalSupervisor(.resume)]
        }
    }

    /// The supervisor is being killed together with everything else.
    mutating func abandon() {
        switch state {
        case .absent, .due: state = .absent
        case .running, .stopping: state = .stopping(killAt: nil)
        }
    }

    mutating func expire(at now: MonotonicInstant) -> [InitEffect] {
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
