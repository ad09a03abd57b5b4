// Apps that rules open by their names.

extension Supervisor {
    mutating func assignAutomatic(_ candidates: [IngressRule], at now: MonotonicInstant) -> [SupervisorEffect] {
        let wanted = automatic.wanted(among: candidates)
        var effects: [SupervisorEffect] = []
        // Rules that are gone come first: an app that has lost its rule may serve a new one.
        for app in apps {
            guard let bound = app.boundRule, !wanted.contains(where: { $0.name == bound }),
                let index = index(of: app.name)
            else { continue }
            apps[index].claim = .opened(by: bound, isThere: false)
            effects += tell(app.name, .ruleChanged(nil), at: now)
        }
        automatic.forgetAllBut(wanted)
        for rule in wanted {
            if let app = apps.first(where: { $0.boundRule == rule.name }) {
                effects += changeRule(of: app.name, to: rule, at: now)
            } else if automatic.external[rule.name] == nil, automatic.checking[rule.name] == nil {
                effects += place(rule, at: now)
            }
        }
        return effects
    }

    /// Finds an app for a rule that has none: an app whose rule is gone, or a new app once the port may be used.
    private mutating func place(_ rule: IngressRule, at now: MonotonicInstant) -> [SupervisorEffect] {
        if let orphan = orphan(for: rule) {
            let name = apps[orphan].name
            apps[orphan].claim = .opened(by: rule.name, isThere: true)
            let message = "\(name): served by the ingress rule \(rule.name) now"
            return [.log(LogEntry(.info, message, of: LogSubject(app: name)))]
                + changeRule(of: name, to: rule, at: now)
        }
        // The front door itself listens at a port that it serves already.
        guard options.jobStartedAt != nil, owner(of: rule.port, but: nil) == nil, !door.isOpen(rule.port) else {
            return openAutomatic(rule, at: now)
        }
        // A process of the earlier supervisor is no reason to leave the port alone.
        guard predecessors == nil else { return [] }
        guard automatic.startAt == nil else {
            return automatic.saidDelayed.insert(rule.name).inserted ? [delayEntry(rule)] : []
        }
        automatic.checking[rule.name] = rule
        return [.checkPort(rule)]
    }

    /// The index of an app whose rule is gone, and that may serve this rule instead; nil if there is none.
    private func orphan(for rule: IngressRule) -> Int? {
        guard let identity = automatic.definition(for: rule)?.app.identity else { return nil }
        return apps.firstIndex { app in
            guard app.identity == identity else { return false }
            switch app.claim {
            // An app that a user has stopped stays stopped for the rule that it had. Another rule gets a new app.
            case .opened(let last, isThere: false):
                return app.machine.isStoppedByRequest ? last == rule.name : app.machine.state != .failed
            // The home page is gone.
            case .home: return home?.isWanted != true && app.isRunning
            case .opened, .own, .fixed: return false
            }
        }
    }

    /// The entry about a rule that has to wait. Without it, the long silence would look like a mistake.
    func delayEntry(_ rule: IngressRule) -> SupervisorEffect {
        let delay = DurationText.describe(options.autoDelay)
        let message = "\(rule.name): served from \(delay) after the job's start on, if port \(rule.port) is free then"
        return .log(LogEntry(.info, message))
    }

    mutating func portChecked(_ name: String, _ finding: PortFinding, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let rule = automatic.checking.removeValue(forKey: name), stop == nil else { return [] }
        switch finding {
        case .free: return openAutomatic(rule, at: now)
        case .taken(let holder): return becameExternal(rule, holder: holder)
        }
    }

    mutating func becameExternal(_ rule: IngressRule, holder: String?) -> [SupervisorEffect] {
        automatic.external[rule.name] = rule
        let who = holder ?? "a process that cannot be seen from here"
        let message = "\(rule.name): port \(rule.port) is served by \(who), not by crater-run: left alone"
        return [.log(LogEntry(.info, message))]
    }

    private mutating func openAutomatic(_ rule: IngressRule, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let definition = automatic.definition(for: rule) else { return [] }
        let name = freeName([definition.name, rule.name], otherwise: definition.name)
        open(definition, named: name, claim: .opened(by: rule.name, isThere: true))
        return [.open(app: name, definition)] + leaveOut(name, at: now) + changeRule(of: name, to: rule, at: now)
    }

    /// Closes the automatic apps whose rule is gone, and those of a home page that is gone. An app that still runs is left
    /// alone. An automatic app that a user has stopped, or that sleeps, stays, so that it is not started when the rule comes
    /// back.
    mutating func closeOrphans() -> [SupervisorEffect] {
        guard stop == nil else { return [] }
        return apps.filter { app in
            guard !app.isRunning else { return false }
            if app.claim == .home { return home?.isWanted != true }
            return app.isAutomatic && app.boundRule == nil && !app.machine.isStoppedByRequest
                && app.machine.state != .asleep
        }.map { close($0.name) }
    }
}
