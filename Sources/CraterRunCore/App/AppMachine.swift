/// The life of one app: events in, effects out. No clock, no process, no randomness but the seed.
///
/// Each event has a function with one switch over the ``Phase`` that the app is in. The states and their transitions
/// are drawn in docs/states.md; a test compares that drawing with what this machine does.
package struct AppMachine: Sendable {
    package let policy: AppPolicy
    /// The rule to serve by; nil before the first and after it was removed.
    package private(set) var rule: IngressRule?
    /// Restarts in a row without a minute of readiness in between.
    package private(set) var restarts = 0
    /// What has happened to it so far, for those who ask.
    package private(set) var history = AppHistory()

    private var phase = Phase.waiting
    private var backoff: Backoff
    private var portBackoff: Backoff
    /// What was last said about why it is not ready or not started, so that it is said once.
    private var lastComplaint: String?
    private var saidOpenness = false

    /// What the app is doing, with what there is only then.
    private enum Phase {
        /// For its rule.
        case waiting
        /// It is to be started by this rule, and has no process yet.
        case launching(IngressRule)
        case running(AppRun, Check)
        case stopping(AppRun, AppStop)
        /// It ended or could not be started by `attempted`, and is launched again then.
        case backingOff(attempted: IngressRule, until: MonotonicInstant)
        case stopped(byRequest: Bool)
        /// It is given up, and waits for another rule than `attempted`.
        case failed(attempted: IngressRule)
        /// It is given up, and waits for a user who asks for it.
        case leftOut
    }

    /// The readiness check of an app that runs.
    private enum Check {
        case due(MonotonicInstant)
        case underWay
    }

    package init(policy: AppPolicy, seed: UInt64) {
        self.policy = policy
        backoff = Backoff(seed: seed)
        portBackoff = Backoff(longest: AppTiming.longestPortWait, seed: seed)
    }

    package mutating func handle(_ event: AppEvent, at now: MonotonicInstant) -> [AppEffect] {
        let former = state
        let effects = react(to: event, at: now)
        history.take(event, former: former, state: state, at: now)
        return effects
    }

    private mutating func react(to event: AppEvent, at now: MonotonicInstant) -> [AppEffect] {
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
        case .forward(let signal): forward(signal)
        case .tick: ticked(at: now)
        }
    }
}

// MARK: - What others read

extension AppMachine {
    package var state: AppState {
        switch phase {
        case .waiting: .waiting
        case .launching: .starting
        case .running(let run, _): run.state
        case .stopping: .stopping
        case .backingOff: .backingOff
        case .stopped: .stopped
        case .failed, .leftOut: .failed
        }
    }

    /// When the next ``AppEvent/tick`` is due; nil if nothing is.
    package var nextDeadline: MonotonicInstant? {
        switch phase {
        case .waiting, .launching, .stopped, .failed, .leftOut: nil
        case .running(let run, .underWay): run.unresponsiveAt(under: policy)
        case .running(let run, .due(let checkAt)): min(run.unresponsiveAt(under: policy) ?? checkAt, checkAt)
        case .stopping(_, let stop): stop.nextDeadline
        case .backingOff(_, let until): until
        }
    }

    private var run: AppRun? {
        switch phase {
        case .running(let run, _), .stopping(let run, _): run
        case .waiting, .launching, .backingOff, .stopped, .failed, .leftOut: nil
        }
    }

    /// The pid of the app's first process, from its spawn until nothing of the app is left.
    package var pid: Int32? { run?.pid }

    /// When that process was spawned.
    package var startedAt: MonotonicInstant? { run?.startedAt }

    /// The rule that the app is running with, which is not the current one if that changed under `keep`.
    package var servedRule: IngressRule? { run?.rule }

    /// When it is started again, while it is backing off.
    package var retryAt: MonotonicInstant? {
        if case .backingOff(_, let until) = phase { until } else { nil }
    }

    /// Whether it was stopped because a user asked for that.
    package var isStoppedByRequest: Bool {
        if case .stopped(byRequest: true) = phase { true } else { false }
    }
}

// MARK: - Rules

extension AppMachine {
    private mutating func ruleChanged(to new: IngressRule?, at now: MonotonicInstant) -> [AppEffect] {
        let old = rule
        rule = new
        switch phase {
        case .waiting:
            return new.map { [launch($0)] } ?? []
        case .launching(let attempted):
            // Nothing runs yet by the rule that has changed, so there is nothing to keep.
            guard let new else {
                return [.abandonLaunch]
                    + wait(saying: "its ingress rule is gone before it was started: waiting for it")
            }
            // It may be a new name at the same place.
            return new.address == attempted.address ? [] : [.abandonLaunch, launch(new)]
        case .running(let run, let check):
            return ruleChanged(from: old, to: new, run, check, at: now)
        case .backingOff(let attempted, _), .failed(let attempted):
            // Compared with what failed: a rule that went and came back unchanged is no reason to hurry.
            guard let new, new.address != attempted.address else { return [] }
            forgiveRestarts()
            return [launch(new)]
        case .stopping, .stopped, .leftOut:
            return []
        }
    }

    private mutating func ruleChanged(
        from old: IngressRule?,
        to new: IngressRule?,
        _ run: AppRun,
        _ check: Check,
        at now: MonotonicInstant
    ) -> [AppEffect] {
        guard let new else {
            let message =
                "its ingress rule is gone: it goes on at port \(run.rule.port), out of reach from outside until the rule "
                + "is back"
            return old == nil ? [] : [log(.warning, message)]
        }
        if new.address == run.rule.address {
            return old == nil ? [log(.info, "its ingress rule is back, unchanged")] : []
        }
        let change = "its ingress rule changed from \(run.rule.address) to \(new.address)"
        switch policy.onRuleChange {
        case .keep:
            return [log(.warning, "\(change): it goes on as it is (--on-rule-change keep)")]
        case .relaunch:
            return [log(.info, "\(change): starting it again")] + tellLosses
                + stop(run, check, then: .relaunch, timeout: policy.stopTimeout, at: now)
        }
    }

    private mutating func portWanted(by other: String, at now: MonotonicInstant) -> [AppEffect] {
        guard rule == nil, case .running(let run, let check) = phase else { return [] }
        return [log(.info, "it has no rule any more, and \(other) is to have port \(run.rule.port): stopping")]
            + stop(run, check, then: .relaunch, timeout: policy.stopTimeout, at: now)
    }
}

// MARK: - Launches

extension AppMachine {
    private mutating func launch(_ rule: IngressRule) -> AppEffect {
        phase = .launching(rule)
        history.reason = nil
        return .launch(rule)
    }

    private mutating func wait(saying message: String) -> [AppEffect] {
        phase = .waiting
        history.reason = nil
        return [log(.info, message)]
    }

    private mutating func launched(pid: Int32, at now: MonotonicInstant) -> [AppEffect] {
        guard case .launching(let rule) = phase else { return [] }
        let run = AppRun(pid: pid, place: ServingPlace(direct: rule), policy: policy, startedAt: now)
        phase = .running(run, .due(now.advanced(by: AppTiming.startingInterval)))
        history.reason = nil
        portBackoff.reset()
        lastComplaint = nil
        return [log(.info, "started as pid \(pid) at \(run.place.backend.address)")]
    }

    private mutating func launchFailed(_ failure: LaunchFailure, at now: MonotonicInstant) -> [AppEffect] {
        guard case .launching(let attempted) = phase else { return [] }
        let message = "cannot start \(policy.name): \(failure.reason)"
        if let code = failure.exitCode {
            phase = .failed(attempted: attempted)
            history.reason = failure.reason
            return [.log(entry(.error, message)), .ended(.failed(exitCode: code))]
        }
        // Not the app's fault, so it does not count against its restarts.
        phase = .backingOff(attempted: attempted, until: now.advanced(by: portBackoff.next()))
        return complain(failure.reason, .error, "\(message); trying again until it can")
    }

    /// Its launch waits for something that does not answer, such as a file system whose server is gone. Only this app waits.
    private mutating func launchStalled(_ what: String) -> [AppEffect] {
        guard case .launching = phase else { return [] }
        let complaint = "\(what) does not answer (a dead network mount?)"
        return complain(complaint, .warning, "\(policy.name) is not started yet: \(complaint); waiting for it")
    }

    private mutating func leftOut(_ reason: String) -> [AppEffect] {
        guard case .waiting = phase else { return [] }
        phase = .leftOut
        history.reason = reason
        return [
            log(.error, "\(reason): left out until crater-run start \(policy.name)"), .ended(.failed(exitCode: 1)),
        ]
    }
}

// MARK: - Exits and restarts

extension AppMachine {
    private mutating func ranOutOfMemory(_ kill: OutOfMemoryKill) -> [AppEffect] {
        guard case .running(var run, let check) = phase else { return [] }
        run.outOfMemory = kill
        phase = .running(run, check)
        return []
    }

    private mutating func exited(_ status: ExitStatus, at now: MonotonicInstant) -> [AppEffect] {
        switch phase {
        case .running(var run, let check):
            endReadiness(of: &run, at: now)
            // What it leaves behind would hold its port, and belongs to nobody any more.
            return abandon(check) + [.signal(.kill, .tree)] + ended(run, status, at: now)
        case .stopping(var run, var stop):
            endReadiness(of: &run, at: now)
            let steps = stop.firstProcessEnded(status)
            return go(on: run, stop, steps, at: now)
        case .waiting, .launching, .backingOff, .stopped, .failed, .leftOut:
            return []
        }
    }

    /// What follows when the app ended although nobody asked it to.
    private mutating func ended(_ run: AppRun, _ status: ExitStatus, at now: MonotonicInstant) -> [AppEffect] {
        let cause = run.outOfMemory.map { " (\($0.cause))" } ?? ""
        let lasted = DurationText.describe(run.startedAt.duration(to: now))
        let how = "\(status)\(cause) after \(lasted) (pid \(run.pid))"
        guard policy.restart.restarts(after: status) else {
            phase = .stopped(byRequest: false)
            history.reason = how
            let message = "\(how); not starting it again (--restart \(policy.restart.rawValue))"
            return [
                log(.info, message, of: run.ended(status, of: policy.name, at: now)), .ended(.completed(status)),
            ]
        }
        return restart(after: run, status, how, exitCode: status.code, at: now)
    }

    /// It is started again after a delay, unless that was done too often already.
    private mutating func restart(
        after run: AppRun,
        _ status: ExitStatus,
        _ how: String,
        exitCode: Int32,
        at now: MonotonicInstant
    ) -> [AppEffect] {
        history.reason = how
        let subject = run.ended(status, of: policy.name, at: now)
        if let most = policy.maxRestarts, restarts >= most {
            phase = .failed(attempted: run.rule)
            let restarts =
                most == 0
                ? "" : most == 1 ? ": 1 restart in a row did not help" : ": \(most) restarts in a row did not help"
            return [
                log(.error, "\(how); it has failed\(restarts) (--max-restarts \(most))", of: subject),
                .reportOutput,
                .ended(.failed(exitCode: exitCode == 0 ? 1 : exitCode)),
            ]
        }
        restarts += 1
        let delay = backoff.next()
        phase = .backingOff(attempted: run.rule, until: now.advanced(by: delay))
        let count = policy.maxRestarts.map { "restart \(restarts) of \($0)" } ?? "restart \(restarts)"
        return [log(.warning, "\(how); starting it again in \(DurationText.describe(delay)) (\(count))", of: subject)]
    }

    private mutating func forgiveRestarts() {
        restarts = 0
        backoff.reset()
    }

    /// Readiness that lasted forgives the restarts before it, however the app ends after that.
    private mutating func endReadiness(of run: inout AppRun, at now: MonotonicInstant) {
        if run.readiness.endReadiness(at: now) >= AppTiming.stableAfter { forgiveRestarts() }
    }
}

// MARK: - Readiness

extension AppMachine {
    private mutating func checked(_ outcome: CheckOutcome, at now: MonotonicInstant) -> [AppEffect] {
        guard case .running(var run, .underWay) = phase else { return [] }
        let (change, pause) = run.readiness.take(outcome, at: now)
        let next = Check.due(now.advanced(by: pause))
        let former = run.state
        switch change {
        case .unready, .partDied: endReadiness(of: &run, at: now)
        case .none, .ready, .notReady, .slowStart: break
        }
        phase = .running(run, next)
        switch change {
        case .none:
            return []
        case .ready(let isFirst, let warning):
            return (warning.map { [log(.warning, $0)] } ?? []) + becameReady(run, isFirst: isFirst, at: now)
        case .unready(let complaint):
            return complain(complaint, .warning, "\(policy.name) is no longer ready: \(complaint)")
        case .notReady(let complaint):
            let said = complain(complaint, .warning, "\(policy.name) is not ready: \(complaint)")
            // What it serves by may be why.
            return run.state == .starting && !said.isEmpty ? said + readBack(run) : said
        case .slowStart(let complaint):
            let minute = DurationText.describe(AppTiming.slowStart)
            return [log(.warning, "still not ready after \(minute): \(complaint); waiting on")] + readBack(run)
        case .partDied(let status, let meaning):
            let how = "\(former == .ready ? "no longer ready" : "not ready"): it answers \(status), so \(meaning)"
            history.reason = "it answers \(status): \(meaning)"
            if policy.restart == .never { return complain(meaning, .warning, "\(policy.name): \(how)") }
            return [log(.warning, how)]
                + stop(run, next, then: .retry(reason: meaning), timeout: policy.stopTimeout, at: now)
        }
    }

    private mutating func becameReady(_ run: AppRun, isFirst: Bool, at now: MonotonicInstant) -> [AppEffect] {
        lastComplaint = nil
        history.reason = nil
        let place = "at \(AccessURL(of: run.rule, page: policy.page))"
        guard isFirst else { return [log(.info, "ready again \(place)")] }
        let took = run.startedAt.duration(to: now)
        let subject = LogSubject(app: policy.name, pid: run.pid, duration: took)
        return [log(.info, "ready after \(DurationText.describe(took)) \(place)", of: subject)] + tellOpenness()
            + readBack(run)
    }

    /// Once, since relaunches and other rules change nothing about it.
    private mutating func tellOpenness() -> [AppEffect] {
        guard let text = policy.withoutLogin, !saidOpenness else { return [] }
        saidOpenness = true
        return [log(.info, text)]
    }

    private func readBack(_ run: AppRun) -> [AppEffect] {
        policy.writesRuntimeFiles ? [.readBack(run.place)] : []
    }

    private func abandon(_ check: Check) -> [AppEffect] {
        if case .underWay = check { [.abandonCheck] } else { [] }
    }
}

// MARK: - Stops

extension AppMachine {
    private mutating func stop(
        _ run: AppRun,
        _ check: Check,
        then next: AppStop.Next,
        timeout: Duration,
        at now: MonotonicInstant
    ) -> [AppEffect] {
        let remindAt = policy.remindsOfStop ? now.advanced(by: timeout / 2) : nil
        phase = .stopping(run, AppStop(next: next, remindAt: remindAt, killAt: now.advanced(by: timeout)))
        // SIGCONT as well: a stopped process would never see the first one.
        return abandon(check) + [.signal(policy.stopSignal, .group), .signal(.resume, .group)]
    }

    private mutating func stopRequested(isShutdown: Bool, at now: MonotonicInstant) -> [AppEffect] {
        let timeout = isShutdown ? policy.shutdownTimeout : policy.stopTimeout
        switch phase {
        case .launching:
            return [.abandonLaunch] + stopIdle(isShutdown: isShutdown)
        case .waiting, .backingOff:
            return stopIdle(isShutdown: isShutdown)
        case .running(let run, let check):
            return [log(.info, "stopping (\(policy.stopSignal), SIGKILL after \(DurationText.describe(timeout)))")]
                + stop(run, check, then: .end(byRequest: !isShutdown), timeout: timeout, at: now)
        case .stopping(let run, var stop):
            stop.end(byRequest: !isShutdown, killAt: now.advanced(by: timeout))
            phase = .stopping(run, stop)
            return []
        case .stopped, .failed, .leftOut:
            return []
        }
    }

    private mutating func stopIdle(isShutdown: Bool) -> [AppEffect] {
        phase = .stopped(byRequest: !isShutdown)
        history.reason = isShutdown ? nil : AppHistory.byRequest
        return [.ended(.stopped(status: nil, byOurSignal: false))]
    }

    private mutating func killRequested(at now: MonotonicInstant) -> [AppEffect] {
        switch phase {
        case .running(let run, let check):
            let stop = AppStop(next: .end(byRequest: false), remindAt: nil, killAt: now)
            return abandon(check) + kill(run, stop, at: now)
        case .stopping(let run, var stop):
            stop.end(byRequest: false, killAt: now)
            return kill(run, stop, at: now)
        case .waiting, .launching, .backingOff, .stopped, .failed, .leftOut:
            return stopRequested(isShutdown: true, at: now)
        }
    }

    private mutating func kill(_ run: AppRun, _ former: AppStop, at now: MonotonicInstant) -> [AppEffect] {
        var stop = former
        let steps = stop.kill("skipping the wait", at: now)
        return go(on: run, stop, steps, at: now)
    }

    private mutating func surveyed(remaining: Int, at now: MonotonicInstant) -> [AppEffect] {
        guard case .stopping(let run, var stop) = phase else { return [] }
        let steps = stop.surveyed(remaining: remaining, at: now)
        return go(on: run, stop, steps, at: now)
    }

    /// The stop goes on.
    private mutating func go(on run: AppRun, _ stop: AppStop, _ steps: [AppStop.Step], at now: MonotonicInstant)
        -> [AppEffect]
    {
        phase = .stopping(run, stop)
        var effects: [AppEffect] = []
        for step in steps {
            switch step {
            case .remind: effects.append(.signal(policy.stopSignal, .group))
            case .askTheRest: effects += [.signal(.terminate, .tree), .signal(.resume, .tree)]
            case .kill(let why):
                effects += (why.map { [log(.warning, "\($0): SIGKILL")] } ?? []) + [.signal(.kill, .tree)]
            case .survey: effects.append(.survey)
            case .finish(let status, let outlived):
                if outlived { effects.append(log(.error, AppStop.outlived)) }
                effects += finish(run, stop.next, status, at: now)
            }
        }
        return effects
    }

    /// Nothing of the app is left, or nothing that SIGKILL reaches.
    private mutating func finish(
        _ run: AppRun,
        _ next: AppStop.Next,
        _ status: ExitStatus,
        at now: MonotonicInstant
    ) -> [AppEffect] {
        switch next {
        case .relaunch:
            guard let rule else { return wait(saying: "stopped; waiting for its ingress rule") }
            forgiveRestarts()
            return [launch(rule)]
        case .retry(let reason):
            return restart(after: run, status, reason, exitCode: max(status.code, 1), at: now)
        case .end(let byRequest):
            phase = .stopped(byRequest: byRequest)
            history.reason = byRequest ? AppHistory.byRequest : nil
            let ours: [ExitStatus] = [.signaled(policy.stopSignal), .signaled(.kill)]
            let took = DurationText.describe(run.startedAt.duration(to: now))
            return [
                log(.info, "\(status) after \(took)", of: run.ended(status, of: policy.name, at: now)),
                .ended(.stopped(status: status, byOurSignal: ours.contains(status))),
            ]
        }
    }
}

// MARK: - Other requests

extension AppMachine {
    private mutating func startRequested() -> [AppEffect] {
        switch phase {
        case .waiting, .launching, .running:
            return []
        case .stopping(let run, var stop):
            // It goes on from there: by its rule as that is then.
            stop.relaunch()
            phase = .stopping(run, stop)
            return []
        case .backingOff, .stopped, .failed, .leftOut:
            forgiveRestarts()
            lastComplaint = nil
            return rule.map { [launch($0)] } ?? wait(saying: "waiting for its ingress rule")
        }
    }

    private mutating func restartRequested(at now: MonotonicInstant) -> [AppEffect] {
        switch phase {
        case .running(let run, let check):
            return [log(.info, "starting it again, as asked")] + tellLosses
                + stop(run, check, then: .relaunch, timeout: policy.stopTimeout, at: now)
        case .waiting, .launching, .stopping, .backingOff, .stopped, .failed, .leftOut:
            return startRequested()
        }
    }

    private func forward(_ signal: Signal) -> [AppEffect] {
        switch phase {
        case .running: [.signal(signal, .leader)]
        case .stopping(_, let stop): stop.status == nil ? [.signal(signal, .leader)] : []
        case .waiting, .launching, .backingOff, .stopped, .failed, .leftOut: []
        }
    }

    private var tellLosses: [AppEffect] { policy.writesRuntimeFiles ? [.tellLosses] : [] }
}

// MARK: - Time

extension AppMachine {
    private mutating func ticked(at now: MonotonicInstant) -> [AppEffect] {
        switch phase {
        case .backingOff(_, let until) where until <= now:
            return rule.map { [launch($0)] } ?? wait(saying: "waiting for its ingress rule")
        case .running(let run, let check):
            return ticked(run, check, at: now)
        case .stopping(let run, var stop):
            let steps = stop.tick(at: now)
            return go(on: run, stop, steps, at: now)
        case .waiting, .launching, .backingOff, .stopped, .failed, .leftOut:
            return []
        }
    }

    private mutating func ticked(_ run: AppRun, _ former: Check, at now: MonotonicInstant) -> [AppEffect] {
        var check = former
        var effects: [AppEffect] = []
        if case .due(let checkAt) = check, checkAt <= now {
            check = .underWay
            effects.append(.check(run.place.backend, attributing: run.state != .ready))
        }
        phase = .running(run, check)
        // `--restart-unresponsive`: it has not answered as it should for as long as the user grants it.
        guard let due = run.unresponsiveAt(under: policy), due <= now, let limit = policy.restartUnresponsive else {
            return effects
        }
        let reason = "it was not ready for \(DurationText.describe(limit)) (--restart-unresponsive)"
        effects += [log(.warning, "\(reason): starting it again")] + tellLosses
        effects += stop(run, check, then: .retry(reason: reason), timeout: policy.stopTimeout, at: now)
        // A timeout of 0 is over at once.
        return effects + ticked(at: now)
    }
}

// MARK: - Messages

extension AppMachine {
    /// Logs `message` unless the last complaint was the same.
    private mutating func complain(_ complaint: String, _ level: LogLevel, _ message: String) -> [AppEffect] {
        history.reason = complaint
        guard complaint != lastComplaint else { return [] }
        lastComplaint = complaint
        return [.log(entry(level, message))]
    }

    /// - Parameter subject: the process that it is about; nil: the one that there is.
    private func log(_ level: LogLevel, _ message: String, of subject: LogSubject? = nil) -> AppEffect {
        .log(entry(level, "\(policy.name): \(message)", of: subject))
    }

    private func entry(_ level: LogLevel, _ message: String, of subject: LogSubject? = nil) -> LogEntry {
        LogEntry(level, message, of: subject ?? LogSubject(app: policy.name, pid: pid))
    }
}
