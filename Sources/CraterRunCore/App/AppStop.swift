/// A stop of an app that is under way: the app is asked to end, perhaps reminded, and killed if it takes too long. The
/// stop is over when no process of the app is left.
struct AppStop: Sendable {
    /// What follows once nothing of the app is left.
    enum Next: Equatable {
        /// The app is launched again, by the rule that it has then.
        case relaunch
        /// The app is launched again after a delay, which counts as a restart.
        case retry(reason: String)
        /// The app sleeps until somebody visits it. The reason is for reports.
        case sleep(reason: String)
        /// The app stays stopped. `byRequest`: a user asked for the stop.
        case end(byRequest: Bool)
    }

    /// Something that the caller has to do now.
    enum Step: Equatable {
        /// Send the stop signal once more.
        case remind
        /// Send SIGTERM to all processes that belong to the app.
        case askTheRest
        /// Send SIGKILL to all processes that belong to the app. `why`: the reason for the log; nil if it was logged
        /// before.
        case kill(why: String?)
        /// Count the processes that are left.
        case survey
        /// The stop is over. `outlived`: processes are left that SIGKILL does not end.
        case finish(ExitStatus, outlived: Bool)
    }

    /// How far the stop has come. `surveyAt`: when the next count of the processes that are left is due; nil while a
    /// count is under way.
    private enum Stage {
        /// The app has got its stop signal. An app that may have missed the signal gets it again at `remindAt`.
        case asked(remindAt: MonotonicInstant?, killAt: MonotonicInstant)
        /// The app's first process has ended. Its other processes may have left the process group, so they get SIGTERM
        /// once. `askedTheRest`: they have got it.
        case firstEnded(ExitStatus, killAt: MonotonicInstant, surveyAt: MonotonicInstant?, askedTheRest: Bool)
        /// All processes of the app have got SIGKILL. `status`: nil until the first process has ended.
        case killed(status: ExitStatus?, giveUpAt: MonotonicInstant, surveyAt: MonotonicInstant?)
    }

    /// The message about processes that outlive SIGKILL.
    static let outlived =
        "some of its processes outlive SIGKILL (uninterruptible sleep, as on a dead network file system); left alone"

    private(set) var next: Next
    private var stage: Stage

    /// Begins the stop of an app that gets its stop signal now.
    init(next: Next, remindAt: MonotonicInstant?, killAt: MonotonicInstant) {
        self.next = next
        stage = .asked(remindAt: remindAt, killAt: killAt)
    }

    /// How the first process ended; nil while it runs.
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

    /// Makes the stop final: the app is not launched again, and gets SIGKILL at `latest` if not earlier.
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

    /// Has the app launched again after the stop, whatever was to follow before.
    mutating func relaunch() { next = .relaunch }

    /// Ends the waiting: all processes of the app get SIGKILL.
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
