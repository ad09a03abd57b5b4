/// The life of one app: events in, effects out. No clock, no process, no randomness but the seed.
///
/// The states and their transitions are drawn in docs/states.md; please keep both the same.
package struct AppMachine: Sendable {
    package let policy: AppPolicy
    package private(set) var state: AppState = .waiting
    /// The rule to serve by; nil before the first and after it was removed.
    package private(set) var rule: IngressRule?
    /// Restarts in a row without a minute of readiness in between.
    package private(set) var restarts = 0
    /// The rule of the last launch, which may not be the current one any more.
    private var launchedRule: IngressRule?

    /// The app's first process, from its spawn until nothing of the app is left.
    private var run: Run?
    /// Set while state is stopping.
    private var stop: Stop?
    private var backoff: Backoff
    private var portBackoff: Backoff
    private var relaunchAt: Instant?
    private var checkAt: Instant?
    private var surveyAt: Instant?
    private var isChecking = false
    /// What was last said about why it is not ready or not started, so that it is said once.
    private var lastComplaint: String?

    /// One process that was spawned for the app.
    private struct Run {
        let pid: Int32
        let rule: IngressRule
        let startedAt: Instant
        var readiness: ReadinessTracker
    }

    /// A stop under way.
    private struct Stop {
        enum Next { case relaunch, retry(reason: String), end }
        var next: Next
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
        [relaunchAt, checkAt, surveyAt, stop?.killAt, stop?.giveUpAt].compactMap { $0 }.min()
    }

    /// The pid of the app's first process while there is one.
    package var pid: Int32? { run?.pid }

    /// The rule that the app is running with, which is not the current one if that changed under `keep`.
    package var servedRule: IngressRule? { run?.rule }

    package mutating func handle(_ event: AppEvent, at now: Instant) -> [AppEffect] {
        switch event {
        case .ruleChanged(let rule): ruleChanged(to: rule, at: now)
        case .launched(let pid): launched(pid: pid, at: now)
        case .launchFailed(let failure): launchFailed(failure, at: now)
        case .exited(let status): exited(status, at: now)
        case .surveyed(let remaining): surveyed(remaining: remaining, at: now)
        case .checked(let outcome): checked(outcome, at: now)
        case .stopRequested(let isShutdown): stopRequested(isShutdown: isShutdown, at: now)
        case .portWanted(let other): portWanted(by: other, at: now)
        case .killRequested: killRequested(at: now)
        case .forward(let signal): run == nil || stop?.status != nil ? [] : [.signal(signal, .leader)]
        case .tick: ticked(at: now)
        }
    }
}

// MARK: - Rules

extension AppMachine {
    private mutating func ruleChanged(to new: IngressRule?, at now: Instant) -> [AppEffect] {
        let old = rule
        rule = new
        switch state {
        case .waiting:
            return new.map { [launch($0)] } ?? []
        case .starting, .ready, .unready:
            return ruleChangedWhileRunning(from: old, at: now)
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

    private mutating func portWanted(by other: String, at now: Instant) -> [AppEffect] {
        guard let run, rule == nil, stop == nil else { return [] }
        return [log(.info, "it has no rule any more, and \(other) is to have port \(run.rule.port): stopping")]
            + beginStop(then: .relaunch, timeout: policy.stopTimeout, at: now)
    }

    private mutating func ruleChangedWhileRunning(from old: IngressRule?, at now: Instant) -> [AppEffect] {
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
            return [log(.info, "\(change): starting it again")]
                + beginStop(then: .relaunch, timeout: policy.stopTimeout, at: now)
        }
    }
}

// MARK: - Launching

extension AppMachine {
    private mutating func launch(_ rule: IngressRule) -> AppEffect {
        state = .starting
        launchedRule = rule
        return .launch(rule)
    }

    private mutating func launched(pid: Int32, at now: Instant) -> [AppEffect] {
        guard state == .starting, run == nil, let launchedRule else { return [] }
        let readiness = ReadinessTracker(
            name: policy.name,
            policy: policy.readiness,
            rule: launchedRule,
            startedAt: now
        )
        run = Run(pid: pid, rule: launchedRule, startedAt: now, readiness: readiness)
        portBackoff.reset()
        lastComplaint = nil
        checkAt = now.advanced(by: AppTiming.startingInterval)
        let started = [log(.info, "started as pid \(pid) at \(launchedRule.address)")]
        // The rule may have changed while it was being spawned.
        return rule == launchedRule ? started : started + ruleChangedWhileRunning(from: launchedRule, at: now)
    }

    private mutating func launchFailed(_ failure: LaunchFailure, at now: Instant) -> [AppEffect] {
        guard state == .starting, run == nil else { return [] }
        if let code = failure.exitCode {
            state = .failed
            return [
                .log(LogEntry(.error, "cannot start \(policy.name): \(failure.reason)")),
                .ended(.failed(exitCode: code)),
            ]
        }
        // Not the app's fault, so it does not count against its restarts.
        state = .backingOff
        relaunchAt = now.advanced(by: portBackoff.next())
        return complain(
            failure.reason, .error, "cannot start \(policy.name): \(failure.reason); trying again until it can")
    }

    /// What follows when the app ended although nobody asked it to.
    private mutating func decideRestart(_ how: String, exitCode: Int32, at now: Instant) -> [AppEffect] {
        if let most = policy.maxRestarts, restarts >= most {
            state = .failed
            let restarts =
                most == 0
                ? "" : most == 1 ? ": 1 restart in a row did not help" : ": \(most) restarts in a row did not help"
            return [
                log(.error, "\(how); it has failed\(restarts) (--max-restarts \(most))"),
                .reportOutput,
                .ended(.failed(exitCode: exitCode == 0 ? 1 : exitCode)),
            ]
        }
        restarts += 1
        let delay = backoff.next()
        state = .backingOff
        relaunchAt = now.advanced(by: delay)
        let count = policy.maxRestarts.map { "restart \(restarts) of \($0)" } ?? "restart \(restarts)"
        return [log(.warning, "\(how); starting it again in \(DurationText.describe(delay)) (\(count))")]
    }
}

// MARK: - Exits

extension AppMachine {
    private mutating func exited(_ status: ExitStatus, at now: Instant) -> [AppEffect] {
        guard let run else { return [] }
        readinessEnded(at: now)
        checkAt = nil
        let abandoned = abandonCheck()
        if stop != nil {
            stop?.status = status
            surveyAt = nil
            return abandoned + [.survey]
        }
        self.run = nil
        let lasted = DurationText.describe(run.startedAt.duration(to: now))
        let how = "\(status) after \(lasted) (pid \(run.pid))"
        // What it leaves behind would hold its port, and belongs to nobody any more.
        let effects = abandoned + [.signal(.kill, .tree)]
        guard policy.restart.restarts(after: status) else {
            state = .stopped
            return effects + [
                log(.info, "\(how); not starting it again (--restart \(policy.restart.rawValue))"),
                .ended(.completed(status)),
            ]
        }
        return effects + decideRestart(how, exitCode: status.code, at: now)
    }
}

// MARK: - Readiness

extension AppMachine {
    private mutating func checked(_ outcome: CheckOutcome, at now: Instant) -> [AppEffect] {
        guard isChecking, stop == nil, let (change, next) = run?.readiness.take(outcome, at: now) else { return [] }
        isChecking = false
        checkAt = now.advanced(by: next)
        switch change {
        case .none:
            return []
        case .ready(let isFirst, let warning):
            return (warning.map { [log(.warning, $0)] } ?? []) + becameReady(isFirst: isFirst, at: now)
        case .unready(let complaint):
            state = .unready
            readinessEnded(at: now)
            return complain(complaint, .warning, "\(policy.name) is no longer ready: \(complaint)")
        case .notReady(let complaint):
            return complain(complaint, .warning, "\(policy.name) is not ready: \(complaint)")
        case .slowStart(let complaint):
            let minute = DurationText.describe(AppTiming.slowStart)
            return [log(.warning, "still not ready after \(minute): \(complaint); waiting on")]
        case .partDied(let status, let meaning):
            return partDied(meaning, status: status, at: now)
        }
    }

    private mutating func becameReady(isFirst: Bool, at now: Instant) -> [AppEffect] {
        guard let run else { return [] }
        state = .ready
        lastComplaint = nil
        let place = "at \(AccessURL(of: run.rule))"
        guard isFirst else { return [log(.info, "ready again \(place)")] }
        return [log(.info, "ready after \(DurationText.describe(run.startedAt.duration(to: now))) \(place)")]
    }

    /// A part of the app is dead and stays dead: it is stopped and started again, if its restart policy lets us.
    private mutating func partDied(_ meaning: String, status: Int, at now: Instant) -> [AppEffect] {
        let how = "\(state == .ready ? "no longer ready" : "not ready"): it answers \(status), so \(meaning)"
        readinessEnded(at: now)
        if policy.restart == .never {
            if state == .ready { state = .unready }
            return complain(meaning, .warning, "\(policy.name): \(how)")
        }
        return [log(.warning, how)]
            + beginStop(then: .retry(reason: meaning), timeout: policy.stopTimeout, at: now)
    }

    /// Readiness that lasted forgives the restarts before it, however the app ends after that.
    private mutating func readinessEnded(at now: Instant) {
        guard let lasted = run?.readiness.endReadiness(at: now), lasted >= AppTiming.stableAfter else { return }
        restarts = 0
        backoff.reset()
    }

    private mutating func abandonCheck() -> [AppEffect] {
        guard isChecking else { return [] }
        isChecking = false
        return [.abandonCheck]
    }
}

// MARK: - Stopping

extension AppMachine {
    private mutating func beginStop(then next: Stop.Next, timeout: Duration, at now: Instant) -> [AppEffect] {
        state = .stopping
        stop = Stop(next: next, killAt: now.advanced(by: timeout))
        checkAt = nil
        // SIGCONT as well: a stopped process would never see the first one.
        return abandonCheck() + [.signal(policy.stopSignal, .group), .signal(.resume, .group)]
    }

    private mutating func stopRequested(isShutdown: Bool, at now: Instant) -> [AppEffect] {
        let timeout = isShutdown ? policy.shutdownTimeout : policy.stopTimeout
        switch state {
        case .starting, .ready, .unready:
            guard run != nil else { return stoppedIdle() }
            return [log(.info, "stopping (\(policy.stopSignal), SIGKILL after \(DurationText.describe(timeout)))")]
                + beginStop(then: .end, timeout: timeout, at: now)
        case .stopping:
            stop?.next = .end
            if let killAt = stop?.killAt { stop?.killAt = min(killAt, now.advanced(by: timeout)) }
            return []
        case .waiting, .backingOff:
            return stoppedIdle()
        case .stopped, .failed:
            return []
        }
    }

    private mutating func stoppedIdle() -> [AppEffect] {
        state = .stopped
        relaunchAt = nil
        return [.ended(.stopped(status: nil, byOurSignal: false))]
    }

    private mutating func killRequested(at now: Instant) -> [AppEffect] {
        guard run != nil else { return stopRequested(isShutdown: true, at: now) }
        if stop == nil {
            state = .stopping
            stop = Stop(next: .end)
        }
        stop?.next = .end
        return kill("skipping the wait", at: now)
    }

    private mutating func kill(_ why: String, at now: Instant) -> [AppEffect] {
        guard stop?.giveUpAt == nil else { return [] }
        stop?.killAt = nil
        stop?.giveUpAt = now.advanced(by: AppTiming.giveUpAfterKill)
        surveyAt = now.advanced(by: AppTiming.surveyInterval)
        checkAt = nil
        return abandonCheck() + [log(.warning, "\(why): SIGKILL"), .signal(.kill, .tree)]
    }

    private mutating func surveyed(remaining: Int, at now: Instant) -> [AppEffect] {
        guard let status = stop?.status else {
            // The first process is still there, so there is nothing to finish yet.
            if stop?.giveUpAt != nil { surveyAt = now.advanced(by: AppTiming.surveyInterval) }
            return []
        }
        if remaining == 0 { return finishStop(status, at: now) }
        surveyAt = now.advanced(by: AppTiming.surveyInterval)
        if stop?.giveUpAt != nil { return [.signal(.kill, .tree)] }
        guard stop?.signalledTheRest == false else { return [] }
        stop?.signalledTheRest = true
        // They may have left the group, and have not been told yet.
        return [.signal(.terminate, .tree), .signal(.resume, .tree)]
    }

    private mutating func finishStop(_ status: ExitStatus, at now: Instant) -> [AppEffect] {
        guard let stop, let run else { return [] }
        self.stop = nil
        self.run = nil
        surveyAt = nil
        switch stop.next {
        case .relaunch:
            guard let rule else {
                state = .waiting
                return [log(.info, "stopped; waiting for its ingress rule")]
            }
            restarts = 0
            backoff.reset()
            return [launch(rule)]
        case .retry(let reason):
            return decideRestart(reason, exitCode: max(status.code, 1), at: now)
        case .end:
            state = .stopped
            let ours: [ExitStatus] = [.signaled(policy.stopSignal), .signaled(.kill)]
            let took = DurationText.describe(run.startedAt.duration(to: now))
            return [
                log(.info, "\(status) after \(took)"),
                .ended(.stopped(status: status, byOurSignal: ours.contains(status))),
            ]
        }
    }
}

// MARK: - Time

extension AppMachine {
    private mutating func ticked(at now: Instant) -> [AppEffect] {
        var effects: [AppEffect] = []
        if let due = relaunchAt, due <= now {
            relaunchAt = nil
            if let rule {
                effects.append(launch(rule))
            } else {
                state = .waiting
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
        if let due = stop?.killAt, due <= now { effects += kill("it did not stop in time", at: now) }
        if let due = stop?.giveUpAt, due <= now { effects += giveUp(at: now) }
        if let due = surveyAt, due <= now {
            surveyAt = nil
            effects.append(.survey)
        }
        return effects
    }

    private mutating func giveUp(at now: Instant) -> [AppEffect] {
        let message =
            "some of its processes outlive SIGKILL (uninterruptible sleep, as on a dead network file system); left alone"
        return [log(.error, message)] + finishStop(stop?.status ?? .signaled(.kill), at: now)
    }
}

// MARK: - Messages

extension AppMachine {
    private func log(_ level: LogLevel, _ message: String) -> AppEffect {
        .log(LogEntry(level, "\(policy.name): \(message)"))
    }

    /// Logs `message` unless the last complaint was the same.
    private mutating func complain(_ complaint: String, _ level: LogLevel, _ message: String) -> [AppEffect] {
        guard complaint != lastComplaint else { return [] }
        lastComplaint = complaint
        return [.log(LogEntry(level, message))]
    }
}
