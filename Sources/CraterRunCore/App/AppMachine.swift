/// The life of one app: events in, effects out. No clock, no process, no randomness but the seed.
///
/// The states and their transitions are drawn in docs/states.md; please keep both the same.
package struct AppMachine: Sendable {
    package let policy: AppPolicy
    package internal(set) var state: AppState = .waiting
    /// The rule to serve by; nil before the first and after it was removed.
    package internal(set) var rule: IngressRule?
    /// Restarts in a row without a minute of readiness in between.
    package internal(set) var restarts = 0
    /// What has happened to it so far, for those who ask.
    package internal(set) var history = AppHistory()
    /// The rule of the last launch, which may not be the current one any more.
    var launchedRule: IngressRule?

    /// The app's first process, from its spawn until nothing of the app is left.
    var run: Run?
    /// Set while state is stopping.
    var stop: Stop?
    var backoff: Backoff
    var portBackoff: Backoff
    var relaunchAt: Instant?
    var checkAt: Instant?
    var surveyAt: Instant?
    /// When an app that has not answered for too long is started again.
    var unresponsiveAt: Instant?
    var isChecking = false
    /// Whether it is not to be started before a user asks for it.
    var isLeftOut = false
    /// Why its first process is about to end, where that is known.
    var outOfMemory: OutOfMemoryKill?
    /// What was last said about why it is not ready or not started, so that it is said once.
    var lastComplaint: String?

    /// One process that was spawned for the app.
    struct Run {
        let pid: Int32
        let rule: IngressRule
        let startedAt: Instant
        var readiness: ReadinessTracker
    }

    /// A stop under way.
    struct Stop {
        enum Next { case relaunch, retry(reason: String), end }
        var next: Next
        /// Why, if not because everything ends: what its state says afterwards.
        var reason: String?
        /// When it is asked once more, if it is an app that may have missed it.
        var remindAt: Instant?
        var killAt: Instant?
        var giveUpAt: Instant?
        var status: ExitStatus?
        var signalledTheRest = false
    }

    package init(policy: AppPolicy, seed: UInt64) {
        self.policy = policy
        backoff = Backoff(seed: seed)
        portBackoff = Backoff(longest: AppTiming.longestPortWait, seed: seed)
    }

    /// When the next ``AppEvent/tick`` is due; nil if nothing is.
    package var nextDeadline: Instant? {
        [relaunchAt, checkAt, surveyAt, unresponsiveAt, stop?.remindAt, stop?.killAt, stop?.giveUpAt]
            .compactMap { $0 }.min()
    }

    /// The pid of the app's first process while there is one.
    package var pid: Int32? { run?.pid }

    /// When that process was spawned.
    package var startedAt: Instant? { run?.startedAt }

    /// When it is started again, while it is backing off.
    package var retryAt: Instant? { relaunchAt }

    /// Whether its launch is under way: it is to be started, and has no process yet.
    var isLaunching: Bool { state == .starting && run == nil }

    /// Whether it was stopped because a user asked for that.
    package var isStoppedByRequest: Bool { state == .stopped && history.reason == AppHistory.byRequest }

    /// The rule that the app is running with, which is not the current one if that changed under `keep`.
    package var servedRule: IngressRule? { run?.rule }

    package mutating func handle(_ event: AppEvent, at now: Instant) -> [AppEffect] {
        let former = state
        let effects = react(to: event, at: now)
        history.take(event, former: former, state: state, at: now)
        if state != .unready { unresponsiveAt = nil }
        return effects
    }

    private mutating func react(to event: AppEvent, at now: Instant) -> [AppEffect] {
        switch event {
        case .ruleChanged(let rule): ruleChanged(to: rule, at: now)
        case .launched(let pid): launched(pid: pid, at: now)
        case .launchFailed(let failure): launchFailed(failure, at: now)
        case .launchStalled(let what): launchStalled(what)
        case .leftOut(let reason): leftOut(reason)
        case .ranOutOfMemory(let kill): ranOutOfMemory(kill)
        case .exited(let status): exited(status, at: now)
        case .surveyed(let remaining): surveyed(remaining: remaining, at: now)
        case .checked(let outcome): checked(outcome, at: now)
        case .stopRequested(let isShutdown): stopRequested(isShutdown: isShutdown, at: now)
        case .startRequested: startRequested()
        case .restartRequested: restartRequested(at: now)
        case .portWanted(let other): portWanted(by: other, at: now)
        case .killRequested: killRequested(at: now)
        case .forward(let signal): run == nil || stop?.status != nil ? [] : [.signal(signal, .leader)]
        case .tick: ticked(at: now)
        }
    }
}

// MARK: - Rules

extension AppMachine {
    mutating func ruleChanged(to new: IngressRule?, at now: Instant) -> [AppEffect] {
        let old = rule
        rule = new
        switch state {
        case .waiting:
            return new.map { [launch($0)] } ?? []
        case .starting where isLaunching:
            return ruleChangedWhileLaunching()
        case .starting, .ready, .unready:
            return ruleChangedWhileRunning(from: old, at: now)
        case .failed where isLeftOut:
            return []
        case .backingOff, .failed:
            // Compared with what failed: a rule that went and came back unchanged is no reason to hurry.
            guard let new, new.address != launchedRule?.address else { return [] }
            restarts = 0
            backoff.reset()
            relaunchAt = nil
            return [launch(new)]
        case .stopping, .stopped:
            return []
        }
    }

    /// Nothing runs yet by the rule that has changed, so there is nothing to keep.
    private mutating func ruleChangedWhileLaunching() -> [AppEffect] {
        guard let rule else {
            state = .waiting
            history.reason = nil
            return [.abandonLaunch, log(.info, "its ingress rule is gone before it was started: waiting for it")]
        }
        // A new name at the same place.
        guard rule.address != launchedRule?.address else { return [] }
        return [.abandonLaunch, launch(rule)]
    }

    mutating func portWanted(by other: String, at now: Instant) -> [AppEffect] {
        guard let run, rule == nil, stop == nil else { return [] }
        return [log(.info, "it has no rule any more, and \(other) is to have port \(run.rule.port): stopping")]
            + beginStop(then: .relaunch, timeout: policy.stopTimeout, at: now)
    }

    mutating func ruleChangedWhileRunning(from old: IngressRule?, at now: Instant) -> [AppEffect] {
        guard let run else { return [] }
        guard let new = rule else {
            guard old != nil else { return [] }
            return [
                log(
                    .warning,
                    "its ingress rule is gone: it goes on at port \(run.rule.port), out of reach from outside until the "
                        + "rule is back"
                )
            ]
        }
        if new.address == run.rule.address {
            return old == nil ? [log(.info, "its ingress rule is back, unchanged")] : []
        }
        let change = "its ingress rule changed from \(run.rule.address) to \(new.address)"
        switch policy.onRuleChange {
        case .keep:
            return [log(.warning, "\(change): it goes on as it is (--on-rule-change keep)")]
        case .relaunch:
            let losses: [AppEffect] = policy.writesRuntimeFiles ? [.tellLosses] : []
            return [log(.info, "\(change): starting it again")] + losses
                + beginStop(then: .relaunch, timeout: policy.stopTimeout, at: now)
        }
    }
}

// MARK: - Time

extension AppMachine {
    mutating func ticked(at now: Instant) -> [AppEffect] {
        var effects: [AppEffect] = []
        if let due = relaunchAt, due <= now {
            relaunchAt = nil
            if let rule {
                effects.append(launch(rule))
            } else {
                state = .waiting
                history.reason = nil
                effects.append(log(.info, "waiting for its ingress rule"))
            }
        }
        if let due = checkAt, due <= now {
            checkAt = nil
            if let run {
                isChecking = true
                effects.append(.check(run.rule, attributing: state != .ready))
            }
        }
        if let due = unresponsiveAt, due <= now { effects += stayedUnready(at: now) }
        if let due = stop?.remindAt, due <= now {
            stop?.remindAt = nil
            effects.append(.signal(policy.stopSignal, .group))
        }
        if let due = stop?.killAt, due <= now { effects += kill("it did not stop in time", at: now) }
        if let due = stop?.giveUpAt, due <= now { effects += giveUp(at: now) }
        if let due = surveyAt, due <= now {
            surveyAt = nil
            effects.append(.survey)
        }
        return effects
    }

    mutating func giveUp(at now: Instant) -> [AppEffect] {
        let message =
            "some of its processes outlive SIGKILL (uninterruptible sleep, as on a dead network file system); left alone"
        return [log(.error, message)] + finishStop(stop?.status ?? .signaled(.kill), at: now)
    }
}

// MARK: - Messages

extension AppMachine {
    /// - Parameter subject: the process that it is about; nil: the one that there is.
    func log(_ level: LogLevel, _ message: String, of subject: LogSubject? = nil) -> AppEffect {
        .log(entry(level, "\(policy.name): \(message)", of: subject))
    }

    func entry(_ level: LogLevel, _ message: String, of subject: LogSubject? = nil) -> LogEntry {
        LogEntry(level, message, of: subject ?? LogSubject(app: policy.name, pid: run?.pid))
    }

    /// A process of the app's that has ended.
    func ended(_ run: Run, _ status: ExitStatus, at now: Instant) -> LogSubject {
        LogSubject(app: policy.name, pid: run.pid, status: status, duration: run.startedAt.duration(to: now))
    }

    /// Logs `message` unless the last complaint was the same.
    mutating func complain(_ complaint: String, _ level: LogLevel, _ message: String) -> [AppEffect] {
        history.reason = complaint
        guard complaint != lastComplaint else { return [] }
        lastComplaint = complaint
        return [.log(entry(level, message))]
    }
}
