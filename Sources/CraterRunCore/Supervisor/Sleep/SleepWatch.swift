/// Decides when an app that nobody uses is put to sleep. An app of which it is not known whether it is at work stays
/// awake.
package struct SleepWatch: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        /// Put the app to sleep.
        case sleep
        /// Find out whether the app is at work, and answer with this number.
        case ask(UInt64)
    }

    private enum Phase: Equatable, Sendable {
        /// The app does not run, or is not ready yet.
        case off
        /// The app was used last at the time `since`.
        case counting(since: MonotonicInstant)
        /// It is being found out whether the app is at work. Without an answer, the app stays awake.
        case asking(since: MonotonicInstant, number: UInt64)
        /// It could not be found out whether the app is at work.
        case doubting(since: MonotonicInstant, askAt: MonotonicInstant)
    }

    /// How long the front door takes at most to tell that an app is used, with a reserve.
    package static let lag = Duration.seconds(2)
    /// How long after a question without an answer another one follows, at most.
    package static let longestRetry = Duration.seconds(300)

    /// How long nobody uses the app before it is put to sleep.
    package let after: Duration
    /// Whether the app may be at work although nobody uses it.
    private let canBeBusy: Bool
    private var phase = Phase.off
    private var questions: UInt64 = 0

    package init(after: Duration, canBeBusy: Bool) {
        self.after = after
        self.canBeBusy = canBeBusy
    }

    /// When ``tick(at:)`` is due; nil if it is not.
    package var nextDeadline: MonotonicInstant? {
        switch phase {
        case .off, .asking: nil
        case .counting(let since): since.advanced(by: after + SleepWatch.lag)
        case .doubting(_, let askAt): askAt
        }
    }

    /// The app is in this state from now on. An app that becomes ready was wanted by somebody.
    package mutating func follow(_ state: AppState, at now: MonotonicInstant) {
        switch state {
        case .ready, .unready: if phase == .off { phase = .counting(since: now) }
        case .waiting, .starting, .stopping, .stopped, .asleep, .backingOff, .failed: phase = .off
        }
    }

    /// A person has used the app.
    package mutating func use(at now: MonotonicInstant) {
        if phase != .off { phase = .counting(since: now) }
    }

    package mutating func tick(at now: MonotonicInstant) -> Step? {
        guard let due = nextDeadline, due <= now else { return nil }
        switch phase {
        case .counting(let since), .doubting(let since, _):
            guard canBeBusy else { return .sleep }
            questions &+= 1
            phase = .asking(since: since, number: questions)
            return .ask(questions)
        case .off, .asking: return nil
        }
    }

    /// Takes the answer to the question with this number. An answer to an earlier question is too old, and so is one
    /// after which somebody has used the app.
    package mutating func answer(_ activity: AppActivity, to number: UInt64, at now: MonotonicInstant) -> Step? {
        guard case .asking(let since, number) = phase else { return nil }
        switch activity {
        case .busy:
            phase = .counting(since: now)
        case .unknown:
            phase = .doubting(since: since, askAt: now.advanced(by: min(after, SleepWatch.longestRetry)))
        case .idle(let quiet):
            let last = max(since, quiet.map { now.advanced(by: .zero - max($0, .zero)) } ?? since)
            guard last.duration(to: now) < after else { return .sleep }
            phase = .counting(since: last)
        }
        return nil
    }
}
