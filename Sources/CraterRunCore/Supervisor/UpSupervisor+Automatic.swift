// Apps that rules open by their names.

extension UpSupervisor {
    /// The automatic app that a rule's name calls for.
    func definition(for rule: IngressRule) -> Int? {
        options.automatic.firstIndex { $0.app.identity.ruleNames.contains(rule.name) }
    }

    mutating func assignAutomatic(_ candidates: [IngressRule], at now: Instant) -> [Effect] {
        let known = candidates.filter { definition(for: $0) != nil }
        // An app's own name belongs to the rule that has it.
        let names = options.automatic.map(\.name)
        let wanted = known.filter { names.contains($0.name) } + known.filter { !names.contains($0.name) }
        var effects: [Effect] = []
        // Rules that are gone first: what they leave free may serve a rule that is new.
        for app in apps where app.isAutomatic {
            if let bound = app.boundRule, !wanted.contains(where: { $0.name == bound }) {
                guard let index = index(of: app.name) else { continue }
                apps[index].boundRule = nil
                effects += tell(app.name, .ruleChanged(nil), at: now)
            }
        }
        looking = looking.filter { name, rule in wanted.contains { $0.name == name && $0.address == rule.address } }
        external = external.filter { name, rule in wanted.contains { $0.name == name && $0.address == rule.address } }
        for rule in wanted {
            if let app = apps.first(where: { $0.boundRule == rule.name }) {
                effects += changeRule(of: app.name, to: rule, at: now)
            } else if external[rule.name] == nil, looking[rule.name] == nil {
                effects += place(rule, at: now)
            }
        }
        return effects
    }

    /// Finds an app for a rule that has none: one whose rule is gone, or a new one once the port may be had.
    mutating func place(_ rule: IngressRule, at now: Instant) -> [Effect] {
        guard let number = definition(for: rule) else { return [] }
        let identity = options.automatic[number].app.identity
        let orphan = apps.firstIndex { app in
            guard app.isAutomatic, app.boundRule == nil, app.identity == identity else { return false }
            // A stop by the user lasts for the rule that the app had, and is no reason to keep another rule waiting.
            if app.machine.isStoppedByRequest { return app.lastBoundRule == rule.name }
            return app.machine.state != .failed
        }
        if let orphan {
            let name = apps[orphan].name
            apps[orphan].boundRule = rule.name
            let message = "\(name): served by the ingress rule \(rule.name) now"
            return [.log(LogEntry(.info, message, of: LogSubject(app: name)))]
                + changeRule(of: name, to: rule, at: now)
        }
        guard options.jobStartedAt != nil, owner(of: rule.port, but: nil) == nil else {
            return openAutomatic(rule, at: now)
        }
        guard autoAt == nil else { return saidDelayed.insert(rule.name).inserted ? [delayEntry(rule)] : [] }
        looking[rule.name] = rule
        return [.lookAtPort(rule)]
    }

    /// Silence for so long would look like a mistake.
    private func delayEntry(_ rule: IngressRule) -> Effect {
        let delay = DurationText.describe(options.autoDelay)
        let message = "\(rule.name): served from \(delay) after the job's start on, if port \(rule.port) is free then"
        return .log(LogEntry(.info, message))
    }

    mutating func looked(_ name: String, _ look: PortLook, at now: Instant) -> [Effect] {
        guard let rule = looking.removeValue(forKey: name), stop == nil else { return [] }
        switch look {
        case .free: return openAutomatic(rule, at: now)
        case .taken(let holder): return becameExternal(rule, holder: holder)
        }
    }

    mutating func becameExternal(_ rule: IngressRule, holder: String?) -> [Effect] {
        external[rule.name] = rule
        let who = holder ?? "somebody who cannot be seen from here"
        let message = "\(rule.name): port \(rule.port) is served by \(who), not by crater-run: left alone"
        return [.log(LogEntry(.info, message))]
    }

    mutating func openAutomatic(_ rule: IngressRule, at now: Instant) -> [Effect] {
        guard let number = definition(for: rule) else { return [] }
        let definition = options.automatic[number]
        let name = freeName([definition.name, rule.name], otherwise: definition.name)
        open(definition, named: name, rule: rule.name)
        return [.open(app: name, definition)] + leaveOut(name, at: now) + changeRule(of: name, to: rule, at: now)
    }

    func freeName(_ names: [String], otherwise base: String) -> String {
        if let name = names.first(where: isFree) { return name }
        return (2...(apps.count + unusable.count + 2)).map { "\(base)-\($0)" }.first(where: isFree) ?? base
    }

    private func isFree(_ name: String) -> Bool {
        index(of: name) == nil && !unusable.contains { $0.name == name }
    }
}
