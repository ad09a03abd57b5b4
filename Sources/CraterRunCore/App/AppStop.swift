/// A stop of an app under way: asked to end, reminded, killed, and looked after until nothing is left.
struct AppStop: Sendable {
    /// What follows once nothing of the app is left.
    enum Next: Equatable {
        /// It is launched again by its rule as that is then.
        case relaunch
        /// It is launched again after a delay, which counts as a restart.
        case retry(reason: String)
        /// Nothing. `byRequest`: because a user asked for it.
        case end(byRequest: Bool)
    }

    /// What is to be done now.
    enum Step: Equatable {
        /// Send the stop signal once more.
        case remind
        /// Ask everything that belongs to the app to end.
        case askTheRest
        /// Send SIGKILL to everything that belongs to the app. `why` is for the log; nil if that was said before.
        case kill(why: String?)
        /// Count what is left.
        case survey
        /// The stop is over; `outlived`: something is left that SIGKILL does not reach.
        case finish(ExitStatus, outlived: Bool)
    }

    /// How far the stop has come. `surveyAt` is when the next count of what is left is due; nil while one is under way.
    private enum Stage {
        /// The app has its stop signal, and gets it again at `remindAt` if it is one that may have missed it.
        case asked(remindAt: MonotonicInstant?, killAt: MonotonicInstant)
        /// Its first process has ended. The others may have left its group, and are asked once if there are any.
        case firstEnded(ExitStatus, killAt: MonotonicInstant, surveyAt: MonotonicInstant?, askedTheRest: Bool)
        /// All of it has had SIGKILL. `status` is there once the first process has ended.
        case killed(status: ExitStatus?, giveUpAt: MonotonicInstant, surveyAt: MonotonicInstant?)
    }

    /// What is said when something of the app outlives SIGKILL.
    static let outlived =
        "some of its processes outlive SIGKILL (uninterruptible sleep, as on a dead network file system); left alone"

    private(set) var next: Next
    private var stage: Stage

    /// It has the stop signal now.
    init(next: Next, remindAt: MonotonicInstant?, killAt: MonotonicInstant) {
        self.next = next
        stage = .asked(remindAt: remindAt, killAt: killAt)
    }

    /// How the first process ended; nil while it is still there.
    var status: ExitStatus? {
        switch stage {
        case .asked: nil
        case .firstEnded(let status, _, _, _): status
        case .killed(let status, _, _): status
        }
    }

    var nextDeadline: MonotonicInstant {
        switch stage {
        case .asked(let remindAt, let killAt): min(remindAt ?? killAt, killAt)
        case .firstEnded(_, let killAt, let surveyAt, _): min(surveyAt ?? killAt, killAt)
        case .killed(_, let giveUpAt, let surveyAt): min(surveyAt ?? giveUpAt, giveUpAt)
        }
    }

    /// The app is to end for good, and SIGKILL comes at `latest` if not earlier.
    mutating func end(byRequest: Bool, killAt latest: MonotonicInstant) {
        next = .end(byRequest: byRequest || next == .end(byRequest: true))
        switch stage {
        case .asked(let remindAt, let killAt):
            stage = .asked(remindAt: remindAt, killAt: min(killAt, latest))
        case .firstEnded(let status, let killAt, let surveyAt, let askedTheRest):
            stage = .firstEnded(status, killAt: min(killAt, latest), surveyAt: surveyAt, askedTheRest: askedTheRest)
        case .killed:
            break
        }
    }

    /// The app is to be launched again, whatever was to follow before.
    mutating func relaunch() { next = .relaunch }

    /// Nobody waits any longer.
    mutating func kill(_ why: String, at now: MonotonicInstant) -> [Step] {
        if case .killed = stage { return [] }
        stage = .killed(
            status: status,
            giveUpAt: now.advanced(by: AppTiming.giveUpAfterKill),
            surveyAt: now.advanced(by: AppTiming.surveyInterval)
        )
        return [.kill(why: why)]
    }

    mutating func firstProcessEnded(_ status: ExitStatus) -> [Step] {
        switch stage {
        case .asked(_, let killAt):
            stage = .firstEnded(status, killAt: killAt, surveyAt: nil, askedTheRest: false)
        case .firstEnded(_, let killAt, _, let askedTheRest):
            stage = .firstEnded(status, killAt: killAt, surveyAt: nil, askedTheRest: askedTheRest)
        case .killed(_, let giveUpAt, _):
            stage = .killed(status: status, giveUpAt: giveUpAt, surveyAt: nil)
        }
        return [.survey]
    }

    mutating func surveyed(remaining: Int, at now: MonotonicInstant) -> [Step] {
        if remaining == 0, let status { return [.finish(status, outlived: false)] }
        let again = now.advanced(by: AppTiming.surveyInterval)
        switch stage {
        case .asked:
            return []
        case .firstEnded(let status, let killAt, _, let askedTheRest):
            stage = .firstEnded(status, killAt: killAt, surveyAt: again, askedTheRest: true)
            return askedTheRest ? [] : [.askTheRest]
        case .killed(let status, let giveUpAt, _):
            stage = .killed(status: status, giveUpAt: giveUpAt, surveyAt: again)
            return status == nil ? [] : [.kill(why: nil)]
        }
    }

    mutating func tick(at now: MonotonicInstant) -> [Step] {
        let tooLate = "it did not stop in time"
        switch stage {
        case .asked(let remindAt?, let killAt) where remindAt <= now:
            stage = .asked(remindAt: nil, killAt: killAt)
            return [.remind] + tick(at: now)
        case .asked(_, let killAt), .firstEnded(_, let killAt, _, _):
            if killAt <= now { return kill(tooLate, at: now) }
        case .killed(let status, let giveUpAt, _):
            if giveUpAt <= now { return [.finish(status ?? .signaled(.kill), outlived: true)] }
        }
        switch stage {
        case .firstEnded(let status, let killAt, let surveyAt?, let askedTheRest) where surveyAt <= now:
            stage = .firstEnded(status, killAt: killAt, surveyAt: nil, askedTheRest: askedTheRest)
            return [.survey]
        case .killed(let status, let giveUpAt, let surveyAt?) where surveyAt <= now:
            stage = .killed(status: status, giveUpAt: giveUpAt, surveyAt: nil)
            return [.survey]
        case .asked, .firstEnded, .killed:
            return []
        }
    }
}
