/// Ends the processes that the job left behind: by SIGTERM, and after a timeout by SIGKILL.
struct InitLeftOvers: Sendable {
    /// The time from SIGTERM to SIGKILL.
    static let timeout = Duration.seconds(5)

    private enum State {
        /// The processes have not been counted since the job's end.
        case unknown
        case none
        /// Processes are left. `isTold`: they have got SIGTERM.
        case some(killAt: MonotonicInstant, isTold: Bool)
        case killed
    }

    private var state = State.unknown

    var isNone: Bool {
        if case .none = state { true } else { false }
    }

    var deadline: MonotonicInstant? {
        if case .some(let killAt, _) = state { killAt } else { nil }
    }

    /// There may be new processes, which have not got SIGTERM.
    mutating func mayHaveGrown() {
        switch state {
        case .unknown, .killed: break
        case .none: state = .unknown
        case .some(let killAt, _): state = .some(killAt: killAt, isTold: false)
        }
    }

    /// Takes the number of processes that are left now.
    mutating func counted(_ count: Int, at now: MonotonicInstant) -> [InitEffect] {
        guard count > 0 else {
            state = .none
            return []
        }
        switch state {
        case .killed: return [.signalLeftOvers(.kill)]
        case .some(let killAt, _) where killAt <= now:
            state = .killed
            return [.signalLeftOvers(.kill)]
        case .some(_, isTold: true): return []
        case .some(let killAt, isTold: false): state = .some(killAt: killAt, isTold: true)
        case .unknown, .none: state = .some(killAt: now.advanced(by: InitLeftOvers.timeout), isTold: true)
        }
        // A stopped process would not see SIGTERM without SIGCONT.
        return [.signalLeftOvers(.terminate), .signalLeftOvers(.resume)]
    }

    mutating func expire(at now: MonotonicInstant) -> [InitEffect] {
        guard let deadline, deadline <= now else { return [] }
        return [.survey]
    }
}
