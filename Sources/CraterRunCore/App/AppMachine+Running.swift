// Launches, ends, and readiness in between.

extension AppMachine {
    mutating func launch(_ rule: IngressRule) -> AppEffect {
        state = .starting
        history.reason = nil
        launchedRule = rule
        return .launch(rule)
    }

    mutating func launched(pid: Int32, at now: Instant) -> [AppEffect] {
        guard isLaunching, let launchedRule else { return [] }
        history.reason = nil
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
        return [log(.info, "started as pid \(pid) at \(launchedRule.address)")]
    }

    mutating func launchFailed(_ failure: LaunchFailure, at now: Instant) -> [AppEffect] {
        guard isLaunching else { return [] }
        if let code = failure.exitCode {
            state = .failed
            history.reason = failure.reason
            return [
                .log(entry(.error, "cannot start \(policy.name): \(failure.reason)")),
                .ended(.failed(exitCode: code)),
            ]
        }
        // Not the app's fault, so it does not count against its restarts.
        state = .backingOff
        relaunchAt = now.advanced(by: portBackoff.next())
        return complain(
            failure.reason, .error, "cannot start \(policy.name): \(failure.reason); trying again until it can")
    }

    mutating func leftOut(_ reason: String) -> [AppEffect] {
        guard state == .waiting else { return [] }
        isLeftOut = true
        state = .failed
        history.reason = reason
        return [
            log(.error, "\(reason): left out until crater-run start \(policy.name)"), .ended(.failed(exitCode: 1)),
        ]
    }

    /// Its launch waits for something that does not answer, such as a file system whose server is gone. Only this app waits.
    mutating func launchStalled(_ what: String) -> [AppEffect] {
        guard isLaunching else { return [] }
        let complaint = "\(what) does not answer (a dead network mount?)"
        return complain(complaint, .warning, "\(policy.name) is not started yet: \(complaint); waiting for it")
    }

    /// What follows when the app ended although nobody asked it to.
    mutating func decideRestart(
        _ how: String,
        exitCode: Int32,
        of subject: LogSubject,
        at now: Instant
    ) -> [AppEffect] {
        history.reason = how
        if let most = policy.maxRestarts, restarts >= most {
            state = .failed
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
        state = .backingOff
        relaunchAt = now.advanced(by: delay)
        let count = policy.maxRestarts.map { "restart \(restarts) of \($0)" } ?? "restart \(restarts)"
        return [log(.warning, "\(how); starting it again in \(DurationText.describe(delay)) (\(count))", of: subject)]
    }
}

// MARK: - Exits

extension AppMachine {
    mutating func ranOutOfMemory(_ kill: OutOfMemoryKill) -> [AppEffect] {
        if run != nil { outOfMemory = kill }
        return []
    }

    mutating func exited(_ status: ExitStatus, at now: Instant) -> [AppEffect] {
        let cause = outOfMemory.map { " (\($0.cause))" } ?? ""
        outOfMemory = nil
        guard let run else { return [] }
        readinessEnded(at: now)
        checkAt = nil
        let abandoned = abandonCheck()
        if stop != nil {
            stop?.status = status
            stop?.remindAt = nil
            surveyAt = nil
            return abandoned + [.survey]
        }
        self.run = nil
        let lasted = DurationText.describe(run.startedAt.duration(to: now))
        let how = "\(status)\(cause) after \(lasted) (pid \(run.pid))"
        let subject = ended(run, status, at: now)
        // What it leaves behind would hold its port, and belongs to nobody any more.
        let effects = abandoned + [.signal(.kill, .tree)]
        guard policy.restart.restarts(after: status) else {
            state = .stopped
            history.reason = how
            return effects + [
                log(.info, "\(how); not starting it again (--restart \(policy.restart.rawValue))", of: subject),
                .ended(.completed(status)),
            ]
        }
        return effects + decideRestart(how, exitCode: status.code, of: subject, at: now)
    }
}

// MARK: - Readiness

extension AppMachine {
    mutating func checked(_ outcome: CheckOutcome, at now: Instant) -> [AppEffect] {
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
            unresponsiveAt = policy.restartUnresponsive.map { now.advanced(by: $0) }
            readinessEnded(at: now)
            return complain(complaint, .warning, "\(policy.name) is no longer ready: \(complaint)")
        case .notReady(let complaint):
            let said = complain(complaint, .warning, "\(policy.name) is not ready: \(complaint)")
            // What it serves by may be why.
            return state == .starting && !said.isEmpty ? said + readBack : said
        case .slowStart(let complaint):
            let minute = DurationText.describe(AppTiming.slowStart)
            return [log(.warning, "still not ready after \(minute): \(complaint); waiting on")] + readBack
        case .partDied(let status, let meaning):
            return partDied(meaning, status: status, at: now)
        }
    }

    mutating func becameReady(isFirst: Bool, at now: Instant) -> [AppEffect] {
        guard let run else { return [] }
        state = .ready
        lastComplaint = nil
        history.reason = nil
        let place = "at \(AccessURL(of: run.rule))"
        guard isFirst else { return [log(.info, "ready again \(place)")] }
        let took = run.startedAt.duration(to: now)
        let subject = LogSubject(app: policy.name, pid: run.pid, duration: took)
        return [log(.info, "ready after \(DurationText.describe(took)) \(place)", of: subject)] + readBack
    }

    var readBack: [AppEffect] {
        guard policy.writesRuntimeFiles, let run else { return [] }
        return [.readBack(run.rule)]
    }

    /// A part of the app is dead and stays dead: it is stopped and started again, if its restart policy lets us.
    mutating func partDied(_ meaning: String, status: Int, at now: Instant) -> [AppEffect] {
        let how = "\(state == .ready ? "no longer ready" : "not ready"): it answers \(status), so \(meaning)"
        readinessEnded(at: now)
        history.reason = "it answers \(status): \(meaning)"
        if policy.restart == .never {
            if state == .ready { state = .unready }
            return complain(meaning, .warning, "\(policy.name): \(how)")
        }
        return [log(.warning, how)]
            + beginStop(then: .retry(reason: meaning), timeout: policy.stopTimeout, at: now)
    }

    /// `--restart-unresponsive`: it has not answered as it should for as long as the user grants it.
    mutating func stayedUnready(at now: Instant) -> [AppEffect] {
        unresponsiveAt = nil
        guard state == .unready, policy.restart != .never, let limit = policy.restartUnresponsive else { return [] }
        let reason = "it was not ready for \(DurationText.describe(limit)) (--restart-unresponsive)"
        let losses: [AppEffect] = policy.writesRuntimeFiles ? [.tellLosses] : []
        return [log(.warning, "\(reason): starting it again")] + losses
            + beginStop(then: .retry(reason: reason), timeout: policy.stopTimeout, at: now)
    }

    /// Readiness that lasted forgives the restarts before it, however the app ends after that.
    mutating func readinessEnded(at now: Instant) {
        guard let lasted = run?.readiness.endReadiness(at: now), lasted >= AppTiming.stableAfter else { return }
        restarts = 0
        backoff.reset()
    }

    mutating func abandonCheck() -> [AppEffect] {
        guard isChecking else { return [] }
        isChecking = false
        return [.abandonCheck]
    }
}
