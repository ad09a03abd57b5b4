// Stops: asked to end, reminded, killed, and looked after until nothing is left.

extension AppMachine {
    mutating func beginStop(
        then next: Stop.Next,
        because reason: String? = nil,
        timeout: Duration,
        at now: Instant
    ) -> [AppEffect] {
        state = .stopping
        stop = Stop(next: next, reason: reason, killAt: now.advanced(by: timeout))
        if policy.remindsOfStop { stop?.remindAt = now.advanced(by: timeout / 2) }
        checkAt = nil
        // SIGCONT as well: a stopped process would never see the first one.
        return abandonCheck() + [.signal(policy.stopSignal, .group), .signal(.resume, .group)]
    }

    mutating func stopRequested(isShutdown: Bool, at now: Instant) -> [AppEffect] {
        let timeout = isShutdown ? policy.shutdownTimeout : policy.stopTimeout
        switch state {
        case .starting, .ready, .unready:
            guard run != nil else { return [.abandonLaunch] + stoppedIdle(isShutdown: isShutdown) }
            return [log(.info, "stopping (\(policy.stopSignal), SIGKILL after \(DurationText.describe(timeout)))")]
                + beginStop(then: .end, because: isShutdown ? nil : AppHistory.byRequest, timeout: timeout, at: now)
        case .stopping:
            stop?.next = .end
            if !isShutdown { stop?.reason = AppHistory.byRequest }
            if let killAt = stop?.killAt { stop?.killAt = min(killAt, now.advanced(by: timeout)) }
            return []
        case .waiting, .backingOff:
            return stoppedIdle(isShutdown: isShutdown)
        case .stopped, .failed:
            return []
        }
    }

    mutating func stoppedIdle(isShutdown: Bool) -> [AppEffect] {
        state = .stopped
        history.reason = isShutdown ? nil : AppHistory.byRequest
        relaunchAt = nil
        return [.ended(.stopped(status: nil, byOurSignal: false))]
    }

    mutating func startRequested() -> [AppEffect] {
        switch state {
        case .waiting, .starting, .ready, .unready:
            return []
        case .stopping:
            // It goes on from there: by its rule as that is then.
            stop?.next = .relaunch
            return []
        case .stopped, .failed, .backingOff:
            isLeftOut = false
            restarts = 0
            backoff.reset()
            relaunchAt = nil
            history.reason = nil
            lastComplaint = nil
            if let rule { return [launch(rule)] }
            state = .waiting
            return [log(.info, "waiting for its ingress rule")]
        }
    }

    mutating func restartRequested(at now: Instant) -> [AppEffect] {
        switch state {
        case .starting, .ready, .unready:
            guard run != nil else { return [] }
            let losses: [AppEffect] = policy.writesRuntimeFiles ? [.tellLosses] : []
            return [log(.info, "starting it again, as asked")] + losses
                + beginStop(then: .relaunch, timeout: policy.stopTimeout, at: now)
        case .waiting, .stopping, .stopped, .failed, .backingOff:
            return startRequested()
        }
    }

    mutating func killRequested(at now: Instant) -> [AppEffect] {
        guard run != nil else { return stopRequested(isShutdown: true, at: now) }
        if stop == nil {
            state = .stopping
            stop = Stop(next: .end)
        }
        stop?.next = .end
        return kill("skipping the wait", at: now)
    }

    mutating func kill(_ why: String, at now: Instant) -> [AppEffect] {
        guard stop?.giveUpAt == nil else { return [] }
        stop?.remindAt = nil
        stop?.killAt = nil
        stop?.giveUpAt = now.advanced(by: AppTiming.giveUpAfterKill)
        surveyAt = now.advanced(by: AppTiming.surveyInterval)
        checkAt = nil
        return abandonCheck() + [log(.warning, "\(why): SIGKILL"), .signal(.kill, .tree)]
    }

    mutating func surveyed(remaining: Int, at now: Instant) -> [AppEffect] {
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

    mutating func finishStop(_ status: ExitStatus, at now: Instant) -> [AppEffect] {
        guard let stop, let run else { return [] }
        self.stop = nil
        self.run = nil
        surveyAt = nil
        switch stop.next {
        case .relaunch:
            guard let rule else {
                state = .waiting
                history.reason = nil
                return [log(.info, "stopped; waiting for its ingress rule")]
            }
            restarts = 0
            backoff.reset()
            return [launch(rule)]
        case .retry(let reason):
            return decideRestart(
                reason, exitCode: max(status.code, 1), of: ended(run, status, at: now), at: now)
        case .end:
            state = .stopped
            history.reason = stop.reason
            let ours: [ExitStatus] = [.signaled(policy.stopSignal), .signaled(.kill)]
            let took = DurationText.describe(run.startedAt.duration(to: now))
            return [
                log(.info, "\(status) after \(took)", of: ended(run, status, at: now)),
                .ended(.stopped(status: status, byOurSignal: ours.contains(status))),
            ]
        }
    }
}
