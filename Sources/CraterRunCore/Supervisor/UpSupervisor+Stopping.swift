// Signals, and the end.

extension UpSupervisor {
    mutating func received(_ signal: Signal, at now: Instant) -> [Effect] {
        switch signal {
        case .terminate, .interrupt, .hangup, .quit, options.stopSignal:
            guard let first = stop else {
                return [.log(stopEntry(signal))] + beginStop(signal, at: now)
            }
            // timeout(1) and others send one signal twice; a terminal that closes sends SIGHUP beside its shell's.
            let isEcho = signal == first.signal && first.at.duration(to: now) < UpSupervisor.echo
            guard !isEcho, signal != .hangup else { return [] }
            var effects: [Effect] = [.log(LogEntry(.info, "\(signal) received while stopping"))]
            if predecessors != nil { effects.append(.killPredecessors) }
            for app in apps { effects += tell(app.name, .killRequested, at: now) }
            return effects + settle(at: now)
        case .terminalStop:
            guard !options.isProcessOne else { return [] }
            return apps.filter { $0.machine.pid != nil }.map { .app($0.name, .signal(.stop, .group)) } + [.suspend]
        case .resume:
            return apps.filter { $0.machine.pid != nil }.map { .app($0.name, .signal(.resume, .group)) }
        default:
            // Which of several apps it is for nobody can tell.
            return []
        }
    }

    /// Beside a job the signal is the init role's way to say that the job has ended, or has had its time.
    func stopEntry(_ signal: Signal) -> LogEntry {
        guard options.jobStartedAt != nil else { return LogEntry(.info, "\(signal) received") }
        return LogEntry(isIdle ? .debug : .info, "stopping the apps")
    }

    mutating func beginStop(_ signal: Signal, at now: Instant) -> [Effect] {
        guard stop == nil else { return [] }
        stop = (signal, now)
        autoAt = nil
        looking = [:]
        var effects: [Effect] = []
        for app in apps { effects += tell(app.name, .stopRequested(isShutdown: true), at: now) }
        return effects + settle(at: now)
    }

    func exitIfAllStopped() -> [Effect] {
        guard let stop, predecessors == nil,
            apps.allSatisfy({ [.stopped, .failed].contains($0.machine.state) })
        else { return [] }
        return [.exit(128 + stop.signal.number)]
    }
}
