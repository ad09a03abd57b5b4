/// The state machine of one app. Events go in, effects come out. It reads no clock and starts no process, and its only
/// randomness is the seed.
///
/// Each event has a function with one switch over the app's ``Phase``. docs/states.md has a diagram of the states and
/// their transitions; a test compares the diagram with this machine.
package struct AppMachine: Sendable {
    package let policy: AppPolicy
    /// The app's current ingress rule; nil before the first rule, and after the rule was removed.
    package private(set) var rule: IngressRule?
    /// The number of restarts in a row, without a minute of readiness in between.
    package private(set) var restarts = 0
    /// What has happened to the app so far, for reports.
    package private(set) var history = AppHistory()

    private var phase = Phase.waiting
    private var backoff: Backoff
    private var portBackoff: Backoff
    /// The last logged reason why the app is not ready or not started. The same reason is not logged twice in a row.
    private var lastComplaint: String?
    /// The last lines of output of the latest run that has ended.
    package private(set) var lastWords: [String] = []
    /// How many times in a row the app ended soon after its start, and for the same cause.
    private var streak = FaultStreak()
    /// Whether the app's output is held back, because it is likely to repeat what the log already has several times.
    private var holdsOutput = false
    /// Whether the log has said that the app has no login.
    private var saidOpenness = false

    /// What the app is doing, with the values that exist only meanwhile.
    private enum Phase {
        /// The app has no rule, and waits for one.
        case waiting
        /// The app is being launched by this rule, and has no process yet.
        case launching(IngressRule)
        case running(AppRun, Check)
        case stopping(AppRun, AppStop)
        /// The app ended, or could not be started, by the rule `attempted`. It is launched again at the time `until`.
        case backingOff(attempted: IngressRule, until: MonotonicInstant)
        case stopped(byRequest: Bool)
        /// The app was put to sleep. It is launched again when somebody visits it.
        case asleep
        /// The app was given up. It is launched again for another rule than `attempted`, or when a user asks for it.
        case failed(attempted: IngressRule)
        /// The app is not launched before a user asks for it.
        case leftOut
    }

    /// The readiness check of a running app.
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
        case .launched(let pid, let listener): launched(pid: pid, at: now, behindDoorAt: listener)
        case .launchFailed(let failure): launchFailed(failure, at: now)
        case .launchStalled(let what): launchStalled(what)
        case .leftOut(let reason): leftOut(reason)
        case .ranOutOfMemory(let kill): ranOutOfMemory(kill)
        case .lastWords(let lines): spoke(lines)
        case .exited(let status): exited(status, at: now)
        case .surveyed(let remaining): surveyed(remaining: remaining, at: now)
        case .checked(let outcome): checked(outcome, at: now)
        case .stopRequested(let isShutdown): stopRequested(isShutdown: isShutdown, at: now)
        case .startRequested: startRequested()
        case .sleepRequested(let time): sleepRequested(after: time, at: now)
        case .used: used()
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
        case .asleep: .asleep
        case .failed, .leftOut: .failed
        }
    }

    /// When the next ``AppEvent/tick`` is due; nil if none is.
    package var nextDeadline: MonotonicInstant? {
        switch phase {
        case .waiting, .launching, .stopped, .asleep, .failed, .leftOut: nil
        case .running(let run, .underWay): run.unresponsiveAt(under: policy)
        case .running(let run, .due(let checkAt)): min(run.unresponsiveAt(under: policy) ?? checkAt, checkAt)
        case .stopping(_, let stop): stop.nextDeadline
        case .backingOff(_, let until): until
        }
    }

    private var run: AppRun? {
        switch phase {
        case .running(let run, _), .stopping(let run, _): run
        case .waiting, .launching, .backingOff, .stopped, .asleep, .failed, .leftOut: nil
        }
    }

    /// The pid of the app's first process, from its spawn until nothing of the app is left.
    package var pid: Int32? { run?.pid }

    /// When the app's first process was spawned.
    package var startedAt: MonotonicInstant? { run?.startedAt }

    /// Where the app's process serves; nil if there is none.
    package var place: ServingPlace? { run?.place }

    /// The rule by which the app's process was started. If ``rule`` has changed since, the two differ until the app is
    /// launched again; with `--on-rule-change keep`, until the app ends.
    package var servedRule: IngressRule? { run?.rule }

    /// When the app is launched again, if it is backing off; else nil.
    package var retryAt: MonotonicInstant? {
        if case .backingOff(_, let until) = phase { until } else { nil }
    }

    /// Whether the app has no process, since it has ended or could not be started.
    package var isDown: Bool {
        switch phase {
        case .backingOff, .stopped, .failed: true
        case .waiting, .launching, .running, .stopping, .asleep, .leftOut: false
        }
    }

    /// What a user can do about the app's end; nil if no cure is known.
    package var cure: String? {
        isDown ? AppFault(lastWords: lastWords, of: policy.name, code: policy.code)?.cure : nil
    }

    /// Whether the app is stopped because a user asked for that.
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
            // No process runs by the old rule yet, so `--on-rule-change keep` has nothing to keep.
            guard let new else {
                return [.act(.abandonLaunch)]
                    + wait(saying: "its ingress rule is gone before the app was started: waiting for the rule")
            }
            // A rule with a new name but the same address needs no other launch.
            return new.address == attempted.address ? [] : [.act(.abandonLaunch), launch(new)]
        case .running(let run, let check):
            return ruleChanged(from: old, to: new, run, check, at: now)
        case .backingOff(let attempted, _), .failed(let attempted):
            // The new rule is compared with the one that failed: a rule that was removed and came back unchanged must
            // not shorten the delay.
            guard let new, new.address != attempted.address else { return [] }
            forgiveRestarts()
            return [launch(new)]
        // Nobody has asked for an app that sleeps, wherever it is.
        case .stopping, .stopped, .asleep, .leftOut:
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
            let place = policy.door == nil ? " at port \(run.rule.port)" : ""
            let message =
                "its ingress rule is gone: it goes on\(place), out of reach from outside until the rule is back"
            return old == nil ? [] : [log(.warning, message)]
        }
        if new.address == run.rule.address {
            return old == nil ? [log(.info, "its ingress rule is back, unchanged")] : []
        }
        let change = "its ingress rule changed from \(run.rule.address) to \(new.address)"
        guard policy.needsRelaunch(from: run.rule, to: new) else {
            var moved = run
            moved.place = run.place.moved(to: new)
            phase = .running(moved, check)
            return [log(.info, "\(change): the front door follows, and it goes on as it is")]
        }
        switch policy.onRuleChange {
        case .keep:
            return [log(.warning, "\(change): it goes on as it is (--on-rule-change keep)")]
        case .relaunch:
            return [log(.info, "\(change): starting it again")] + tellLosses
                + stop(run, check, then: .relaunch, timeout: policy.stopTimeout, at: now)
        }
    }

    private mutating func portWanted(by other: String, at now: MonotonicInstant) -> [AppEffect] {
        guard (rule == nil) == (policy.door == nil), case .running(let run, let check) = phase else { return [] }
        let entry =
            if let rule {
                log(.warning, "\(other) is served at \(rule.address): stopping until \(other) gives that up")
            } else {
                log(.info, "it has no rule any more, and \(other) needs port \(run.rule.port): stopping")
            }
        return [entry]
            + stop(run, check, then: .relaunch, timeout: policy.stopTimeout, at: now)
    }
}

// MARK: - Launches

extension AppMachine {
    private mutating func launch(_ rule: IngressRule) -> AppEffect {
        phase = .launching(rule)
        history.reason = nil
        return .act(.launch(rule))
    }

    private mutating func wait(saying message: String) -> [AppEffect] {
        phase = .waiting
        history.reason = nil
        return [log(.info, message)]
    }

    private mutating func launched(pid: Int32, at now: MonotonicInstant, behindDoorAt listener: DoorBackend?)
        -> [AppEffect]
    {
        guard case .launching(let rule) = phase else { return [] }
        let place =
            if let door = policy.door, let listener {
                ServingPlace(rule, behindDoorAt: listener, strips: door.strips)
            } else {
                ServingPlace(direct: rule)
            }
        let run = AppRun(pid: pid, place: place, policy: policy, startedAt: now)
        phase = .running(run, .due(now.advanced(by: AppTiming.startingInterval)))
        history.reason = nil
        portBackoff.reset()
        lastComplaint = nil
        return [log(holdsOutput ? .debug : .info, "started as pid \(pid) at \(place.backend)")]
    }

    private mutating func launchFailed(_ failure: LaunchFailure, at now: MonotonicInstant) -> [AppEffect] {
        guard case .launching(let attempted) = phase else { return [] }
        let message = "cannot start \(policy.name): \(failure.reason)"
        if let code = failure.exitCode {
            phase = .failed(attempted: attempted)
            history.reason = failure.reason
            let places = failure.places.map { "    \($0)" }
            let searched = LogEntry(
                .debug, "\(policy.name): it was looked for at:", below: places, of: LogSubject(app: policy.name))
            return [.log(entry(.error, message))] + (places.isEmpty ? [] : [.log(searched)])
                + [.ended(.failed(exitCode: code))]
        }
        // The app is not at fault, so this does not count as a restart.
        phase = .backingOff(attempted: attempted, until: now.advanced(by: portBackoff.next()))
        return complain(failure.reason, .error, "\(message); trying again until it can")
    }

    /// The app's launch waits for something that does not answer, such as a file system whose server is gone. No other
    /// app waits for it.
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

    private mutating func spoke(_ lines: [String]) -> [AppEffect] {
        lastWords = lines
        return []
    }

    private mutating func exited(_ status: ExitStatus, at now: MonotonicInstant) -> [AppEffect] {
        switch phase {
        case .running(var run, let check):
            endReadiness(of: &run, at: now)
            let wasReady = run.readiness.standing != .starting
            // The kernel's kill has its cause beside the app, so it is no fault that repeats.
            let isSoon = run.startedAt.duration(to: now) < FaultStreak.soon && run.outOfMemory == nil && !wasReady
            let fault = AppFault(lastWords: lastWords, of: policy.name, code: policy.code)
            if isSoon { extendStreak(by: fault, status) } else { endStreak() }
            let portLines = tellPorts(of: &run, status, fault)
            // Processes that the app has left behind could hold its port, and nothing else would end them.
            return abandon(check) + [.act(.signal(.kill, .tree))] + portLines
                + ended(run, status, isSoon ? fault : nil, at: now)
        case .stopping(var run, var stop):
            endReadiness(of: &run, at: now)
            let steps = stop.firstProcessEnded(status)
            return go(on: run, stop, steps, at: now)
        case .waiting, .launching, .backingOff, .stopped, .asleep, .failed, .leftOut:
            return []
        }
    }

    /// Tells that an app has ended before it was ready, but with other ports open on the loopback address. If the output
    /// or a signal explains the end, the app has just not come to its own port. A shell has a signal in its exit code.
    private mutating func tellPorts(
        of run: inout AppRun, _ status: ExitStatus, _ fault: AppFault?
    ) -> [AppEffect] {
        guard run.readiness.standing == .starting, let ports = run.loopbackMessage, !(fault?.namesError ?? false),
            !(129...192).contains(status.code), run.outOfMemory == nil
        else { return [] }
        run.elsewhereMessage = ports
        let level: LogLevel = streak.count > FaultStreak.enough ? .debug : .warning
        return complain(ports, level, "\(policy.name) was not ready when it ended: \(ports)")
    }

    /// Handles an end of the app that nobody asked for.
    ///
    /// - Parameter fault: why the app ended soon after its start; nil if it ran for longer or the cause is not known.
    private mutating func ended(
        _ run: AppRun, _ status: ExitStatus, _ fault: AppFault?, at now: MonotonicInstant
    ) -> [AppEffect] {
        let cause = run.outOfMemory.map { " (\($0.cause))" } ?? ""
        let lasted = DurationText.describe(run.startedAt.duration(to: now))
        let how = "\(status)\(cause) after \(lasted) (pid \(run.pid))"
        guard policy.restart.restarts(after: status) else {
            let released = releaseOutput()
            phase = .stopped(byRequest: false)
            // Some apps exit with 0 although they have failed. Then only a plain error tells the cause: an app that has
            // done its work may have survived others, and its last line is no cause.
            let why = fault.flatMap { status.isSuccess && !$0.isPlain ? nil : ": \($0.description)" } ?? ""
            history.reason = run.said(how) + why
            let message = "\(how)\(why); not starting it again (--restart \(policy.restart.rawValue))"
            return released + [
                log(.info, message, of: run.ended(status, of: policy.name, at: now)), .ended(.completed(status)),
            ]
        }
        return restart(after: run, status, how, fault, exitCode: status.code, at: now)
    }

    /// Starts the app again after a delay, or gives it up if it has been restarted too often.
    ///
    /// If the app fails the same way several times in a row, one message tells the cause and the cure. Further starts
    /// then log nothing as long as the app fails in this way.
    private mutating func restart(
        after run: AppRun,
        _ status: ExitStatus,
        _ how: String,
        _ fault: AppFault? = nil,
        exitCode: Int32,
        at now: MonotonicInstant
    ) -> [AppEffect] {
        let why = fault.map { ": \($0.description)" } ?? (streak.isPersistent ? ", without any output" : "")
        history.reason = "\(run.said(how))\(streak.isPersistent ? ", \(AppHistory.sameWay)" : "")\(why)"
        let subject = run.ended(status, of: policy.name, at: now)
        let output = streak.count > FaultStreak.enough ? dropOutput() : releaseOutput()
        if let most = policy.maxRestarts, restarts >= most {
            phase = .failed(attempted: run.rule)
            let restarts =
                most == 0
                ? "" : most == 1 ? ": 1 restart in a row did not help" : ": \(most) restarts in a row did not help"
            let cause = fault?.cure == nil ? "" : why
            return output + [
                log(.error, "\(how)\(cause); it has failed\(restarts) (--max-restarts \(most))", of: subject),
                .act(.reportOutput),
                .ended(.failed(exitCode: exitCode == 0 ? 1 : exitCode)),
            ]
        }
        restarts += 1
        // Without a limit on restarts, an app that keeps failing the same way is started at the longest interval only:
        // somebody may mend the cause meanwhile.
        let delay = streak.isPersistent && policy.maxRestarts == nil ? backoff.last() : backoff.next()
        phase = .backingOff(attempted: run.rule, until: now.advanced(by: delay))
        let count = policy.maxRestarts.map { "restart \(restarts) of \($0)" } ?? "restart \(restarts)"
        let next = "it again in \(DurationText.describe(delay)) (\(count))"
        guard streak.isPersistent else {
            return output + [log(.warning, "\(how); starting \(next)", of: subject)]
        }
        guard streak.count == FaultStreak.enough else {
            return output + [log(.debug, "\(how), the same way; starting \(next)", of: subject)]
        }
        let times = "\(FaultStreak.enough) times in a row the same way"
        return output + [
            log(
                .error, "\(how), \(times)\(why). Starting \(next), and without a word as long as this repeats",
                of: subject)
        ]
    }

    private mutating func forgiveRestarts() {
        restarts = 0
        backoff.reset()
        streak = FaultStreak()
    }

    /// Counts an end of the app soon after its start.
    private mutating func extendStreak(by fault: AppFault?, _ status: ExitStatus) {
        let former = streak
        streak.take(fault, status)
        if former.isPersistent, !streak.isPersistent { leaveLongestDelay() }
    }

    private mutating func endStreak() {
        if streak.isPersistent { leaveLongestDelay() }
        streak = FaultStreak()
    }

    /// The longest delay was for the fault that was repeated. It must not hold up the next attempt now that the app
    /// does something else. With a limit on restarts, the delays have never left their usual order.
    private mutating func leaveLongestDelay() {
        if policy.maxRestarts == nil { backoff.reset() }
    }

    // MARK: Output that is kept back

    private mutating func holdOutput() -> [AppEffect] {
        guard streak.isPersistent, !holdsOutput else { return [] }
        holdsOutput = true
        return [.act(.holdOutput)]
    }

    private mutating func releaseOutput() -> [AppEffect] {
        defer { holdsOutput = false }
        return holdsOutput ? [.act(.releaseOutput)] : []
    }

    private mutating func dropOutput() -> [AppEffect] {
        defer { holdsOutput = false }
        return holdsOutput ? [.act(.dropOutput)] : []
    }

    /// Ends the app's readiness. After ``AppTiming/stableAfter`` of readiness, the restarts before it no longer count.
    private mutating func endReadiness(of run: inout AppRun, at now: MonotonicInstant) {
        if run.readiness.endReadiness(at: now) >= AppTiming.stableAfter { forgiveRestarts() }
    }
}

// MARK: - Readiness

extension AppMachine {
    private mutating func checked(_ outcome: CheckOutcome, at now: MonotonicInstant) -> [AppEffect] {
        guard case .running(var run, .underWay) = phase else { return [] }
        let (change, pause) = run.readiness.take(outcome, at: now)
        run.elsewhereMessage =
            if case .listensElsewhere(let ports) = outcome { run.readiness.elsewhere(ports) } else { nil }
        run.loopbackMessage =
            if case .loopbackPorts(let ports) = outcome { run.readiness.elsewhere(ports, isOver: true) } else { nil }
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
            let said = complain(
                complaint, holdsOutput ? .debug : .warning, "\(policy.name) is not ready: \(complaint)")
            // The settings that the app has written to its files may explain why it is not ready.
            return run.state == .starting && !said.isEmpty && !holdsOutput ? said + readBack(run) : said
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
        endStreak()
        let released = releaseOutput()
        let place = "at \(AccessURL(of: run.rule, page: policy.page))"
        guard isFirst else { return released + [log(.info, "ready again \(place)")] }
        let took = run.startedAt.duration(to: now)
        let subject = LogSubject(app: policy.name, pid: run.pid, duration: took)
        return released + [log(.info, "ready after \(DurationText.describe(took)) \(place)", of: subject)]
            + tellOpenness() + readBack(run)
    }

    /// Logs that the app has no login: once only, since a relaunch or another rule does not change this.
    private mutating func tellOpenness() -> [AppEffect] {
        guard let text = policy.withoutLogin, !saidOpenness else { return [] }
        saidOpenness = true
        return [log(.info, text)]
    }

    private func readBack(_ run: AppRun) -> [AppEffect] {
        policy.writesRuntimeFiles ? [.act(.readBack(run.place))] : []
    }

    private func abandon(_ check: Check) -> [AppEffect] {
        if case .underWay = check { [.act(.abandonCheck)] } else { [] }
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
        // A stopped process would not see the stop signal without SIGCONT.
        return releaseOutput() + abandon(check)
            + [.act(.signal(policy.stopSignal, .group)), .act(.signal(.resume, .group))]
    }

    private mutating func stopRequested(isShutdown: Bool, at now: MonotonicInstant) -> [AppEffect] {
        let timeout = isShutdown ? policy.shutdownTimeout : policy.stopTimeout
        switch phase {
        case .launching:
            return [.act(.abandonLaunch)] + stopIdle(isShutdown: isShutdown)
        case .waiting, .backingOff, .asleep:
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
        case .waiting, .launching, .backingOff, .stopped, .asleep, .failed, .leftOut:
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

    /// Goes on with the stop: turns its steps into effects.
    private mutating func go(on run: AppRun, _ stop: AppStop, _ steps: [AppStop.Step], at now: MonotonicInstant)
        -> [AppEffect]
    {
        phase = .stopping(run, stop)
        var effects: [AppEffect] = []
        for step in steps {
            switch step {
            case .remind: effects.append(.act(.signal(policy.stopSignal, .group)))
            case .askTheRest: effects += [.act(.signal(.terminate, .tree)), .act(.signal(.resume, .tree))]
            case .kill(let why):
                effects += (why.map { [log(.warning, "\($0): SIGKILL")] } ?? []) + [.act(.signal(.kill, .tree))]
            case .survey: effects.append(.act(.survey))
            case .finish(let status, let outlived):
                if outlived { effects.append(log(.error, AppStop.outlived)) }
                effects += finish(run, stop.next, status, at: now)
            }
        }
        return effects
    }

    /// Ends the stop: no process of the app is left, or only processes that SIGKILL does not end.
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
            // The app was stopped for another fault than that of its earlier ends.
            endStreak()
            return restart(after: run, status, reason, exitCode: max(status.code, 1), at: now)
        case .sleep(let reason):
            phase = .asleep
            history.reason = reason
            let took = DurationText.describe(run.startedAt.duration(to: now))
            return [
                log(
                    .info, "asleep (\(status) after \(took)): a visit starts it again",
                    of: run.ended(status, of: policy.name, at: now))
            ]
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

// MARK: - Sleep

extension AppMachine {
    private mutating func sleepRequested(after time: Duration, at now: MonotonicInstant) -> [AppEffect] {
        guard case .running(let run, let check) = phase, run.state != .starting else { return [] }
        let reason = "nobody has used it for \(DurationText.describe(time))"
        return [log(.info, "\(reason): putting it to sleep (--sleep-after)")] + tellLosses
            + stop(run, check, then: .sleep(reason: reason), timeout: policy.stopTimeout, at: now)
    }

    /// A person wants the app. An app that was stopped for another reason than sleep stays as it is.
    private mutating func used() -> [AppEffect] {
        switch phase {
        case .asleep:
            return [log(.info, "visited: waking it")] + startRequested()
        case .stopping(let run, var stop):
            guard case .sleep = stop.next else { return [] }
            stop.relaunch()
            phase = .stopping(run, stop)
            return [log(.info, "visited while it goes to sleep: starting it again")]
        case .waiting, .launching, .running, .backingOff, .stopped, .failed, .leftOut:
            return []
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
            // The app is launched after the stop, by the rule that it has then.
            stop.relaunch()
            phase = .stopping(run, stop)
            return []
        case .backingOff, .stopped, .asleep, .failed, .leftOut:
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
        case .waiting, .launching, .stopping, .backingOff, .stopped, .asleep, .failed, .leftOut:
            return startRequested()
        }
    }

    private func forward(_ signal: Signal) -> [AppEffect] {
        switch phase {
        case .running: [.act(.signal(signal, .leader))]
        case .stopping(_, let stop): stop.status == nil ? [.act(.signal(signal, .leader))] : []
        case .waiting, .launching, .backingOff, .stopped, .asleep, .failed, .leftOut: []
        }
    }

    private var tellLosses: [AppEffect] { policy.writesRuntimeFiles ? [.act(.tellLosses)] : [] }
}

// MARK: - Time

extension AppMachine {
    private mutating func ticked(at now: MonotonicInstant) -> [AppEffect] {
        switch phase {
        case .backingOff(_, let until) where until <= now:
            return rule.map { holdOutput() + [launch($0)] } ?? wait(saying: "waiting for its ingress rule")
        case .running(let run, let check):
            return ticked(run, check, at: now)
        case .stopping(let run, var stop):
            let steps = stop.tick(at: now)
            return go(on: run, stop, steps, at: now)
        case .waiting, .launching, .backingOff, .stopped, .asleep, .failed, .leftOut:
            return []
        }
    }

    private mutating func ticked(_ run: AppRun, _ former: Check, at now: MonotonicInstant) -> [AppEffect] {
        var check = former
        var effects: [AppEffect] = []
        if case .due(let checkAt) = check, checkAt <= now {
            check = .underWay
            effects.append(.act(.check(run.place.backend, attributing: run.state != .ready)))
        }
        phase = .running(run, check)
        // The app has run for longer than in its failed runs, so its output is probably new. A complaint that was held
        // back too is logged at the next check.
        if holdsOutput, run.startedAt.duration(to: now) >= FaultStreak.soon {
            lastComplaint = nil
            effects += releaseOutput()
        }
        // `--restart-unresponsive`: the app has been unready for as long as the user allows.
        guard let due = run.unresponsiveAt(under: policy), due <= now, let limit = policy.restartUnresponsive else {
            return effects
        }
        let reason = "it was not ready for \(DurationText.describe(limit)) (--restart-unresponsive)"
        effects += [log(.warning, "\(reason): starting it again")] + tellLosses
        effects += stop(run, check, then: .retry(reason: reason), timeout: policy.stopTimeout, at: now)
        // A stop timeout of 0 has expired already.
        return effects + ticked(at: now)
    }
}

// MARK: - Messages

extension AppMachine {
    /// Logs `message`, unless the last complaint was the same.
    private mutating func complain(_ complaint: String, _ level: LogLevel, _ message: String) -> [AppEffect] {
        history.reason = complaint
        guard complaint != lastComplaint else { return [] }
        lastComplaint = complaint
        return [.log(entry(level, message))]
    }

    /// - Parameter subject: the process that the message is about; nil for the app's current process.
    private func log(_ level: LogLevel, _ message: String, of subject: LogSubject? = nil) -> AppEffect {
        .log(entry(level, "\(policy.name): \(message)", of: subject))
    }

    private func entry(_ level: LogLevel, _ message: String, of subject: LogSubject? = nil) -> LogEntry {
        LogEntry(level, message, of: subject ?? LogSubject(app: policy.name, pid: pid))
    }
}
