// Signals, and the end of the supervisor.

extension Supervisor {
    /// Signals that are never passed on to an app: each is about crater-run's own state, or about something of which
    /// the kernel informs the app itself. 32 and 33 are glibc's own.
    private static let ours: Set<Signal> = [
        .child, .pipe, .terminalInput, .terminalOutput, .urgent, .windowChange, Signal(number: 32), Signal(number: 33),
    ]

    mutating func received(_ signal: Signal, at now: MonotonicInstant) -> [SupervisorEffect] {
        switch signal {
        // By these signals a terminal, a shell or the kubelet asks for the end.
        case .terminate, .interrupt, .hangup, .quit, options.stopSignal:
            guard let stop else { return [.log(stopEntry(signal))] + beginStop(signal, at: now) }
            guard stop.isUrged(by: signal, at: now) else { return [] }
            var effects: [SupervisorEffect] = [.log(LogEntry(.info, "\(signal) received while stopping"))]
            if predecessors != nil { effects.append(.killPredecessors) }
            return effects + tellAll(.killRequested, at: now) + settle(at: now)
        case .terminalStop:
            return options.isProcessOne ? [] : signalAll(.stop) + [.suspend]
        case .resume:
            return signalAll(.resume)
        default:
            // With several apps, it is not known which app the signal is for.
            guard options.foreground != nil, !Supervisor.ours.contains(signal) else { return [] }
            return tellAll(.forward(signal), at: now)
        }
    }

    private mutating func tellAll(_ event: AppEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for app in apps { effects += tell(app.name, event, at: now) }
        return effects
    }

    private func signalAll(_ signal: Signal) -> [SupervisorEffect] {
        apps.filter { $0.machine.pid != nil }.map { .app($0.name, .signal(signal, .group)) }
    }

    /// The entry about the first stop signal. Beside a job, the init role sends the signal: the job has ended, or the
    /// time for which apps serve on after the job's stop signal is over.
    private func stopEntry(_ signal: Signal) -> LogEntry {
        guard options.jobStartedAt != nil else { return LogEntry(.info, "\(signal) received") }
        return LogEntry(isIdle ? .debug : .info, "stopping the apps")
    }

    mutating func beginStop(_ signal: Signal, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard stop == nil else { return [] }
        stop = StopRequest(signal: signal, at: now)
        waitsSince = nil
        automatic.startAt = nil
        automatic.checking = [:]
        return tellAll(.stopRequested(isShutdown: true), at: now) + settle(at: now)
    }

    /// Exits if all apps have ended. In the foreground, ``AppEffect/ended(_:)`` does that instead.
    func exitIfAllStopped() -> [SupervisorEffect] {
        guard options.foreground == nil, let stop, predecessors == nil, apps.allSatisfy(\.isOver) else { return [] }
        return [.exit(stop.exitCode)]
    }
}
