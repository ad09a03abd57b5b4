// What users ask of it, and what it shows them.

extension UpSupervisor {
    mutating func follow(_ command: ControlCommand, number: UInt64, at now: Instant) -> [Effect] {
        // Whoever stops everything does not start anything.
        guard stop == nil else { return [.answer(.refused(reason: "crater-run is stopping"), to: number)] }
        switch command {
        case .start(let name): return pass(.startRequested, to: name, number: number, at: now)
        case .stop(let name): return pass(.stopRequested(isShutdown: false), to: name, number: number, at: now)
        case .restart(let name): return pass(.restartRequested, to: name, number: number, at: now)
        case .serve(let definition): return serve(definition, number: number, at: now)
        }
    }

    private mutating func pass(_ event: AppEvent, to name: String, number: UInt64, at now: Instant) -> [Effect] {
        guard index(of: name) != nil else {
            if let app = unusable.first(where: { $0.name == name }) {
                let reason = "\(app.condition); mend it, and start the container again"
                return [.answer(.refused(reason: reason), to: number)]
            }
            return [.answer(.unknown(names: apps.map(\.name) + unusable.map(\.name)), to: number)]
        }
        if event != .stopRequested(isShutdown: false) { leftOut.remove(name) }
        let effects = tell(name, event, at: now)
        guard let app = apps.first(where: { $0.name == name }) else { return effects }
        return effects + [.answer(.accepted(app: name, message: "\(name): \(app.machine.state.rawValue)"), to: number)]
    }

    private mutating func serve(_ definition: AppDefinition, number: UInt64, at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        if let other = apps.first(where: { $0.isServing(definition) }) {
            guard [.stopped, .failed].contains(other.machine.state) else {
                let reason = "\(other.name) is served already, and is \(other.machine.state.rawValue)"
                return [.answer(.refused(reason: reason), to: number)]
            }
            // The new one takes its place.
            effects.append(.close(app: other.name))
            apps.removeAll { $0.name == other.name }
        }
        var definition = definition
        // And that of a line that asked for it in vain.
        unusable.removeAll { $0.name == definition.name }
        definition.policy.name = freeName([definition.name], otherwise: definition.name)
        let name = definition.name
        open(definition, named: name, rule: nil)
        effects += [
            .log(LogEntry(.info, "\(name): taken over from a terminal")), .open(app: name, definition),
        ]
        if let rule = definition.fixedRule {
            // While what a supervisor before us has left is ended, nothing is started: it would be taken for a part of that.
            if predecessors == nil { effects += tell(name, .ruleChanged(rule), at: now) }
        } else {
            effects += assign(at: now)
        }
        let state = apps.first { $0.name == name }?.machine.state ?? .waiting
        return effects + [.answer(.accepted(app: name, message: "\(name): \(state.rawValue)"), to: number)]
    }
}

extension UpApp {
    /// What was said of why it waits, without its name.
    fileprivate var waitsFor: String? {
        lastComplaint.map { $0.hasPrefix("\(name): ") ? String($0.dropFirst(name.count + 2)) : $0 }
    }

    /// Whether it is what this definition asks for: an app of the same kind, by the same rule.
    func isServing(_ definition: AppDefinition) -> Bool {
        guard identity == definition.app.identity else { return false }
        if let rule = definition.fixedRule { return (machine.rule ?? fixedRule)?.address == rule.address }
        if let wanted = definition.ruleName { return wanted == ruleName || wanted == machine.rule?.name }
        return ruleName == nil && fixedRule == nil
    }
}

extension UpSupervisor {
    package var report: SupervisorReport {
        var report = SupervisorReport()
        report.isStopping = stop != nil
        report.isTakingOver = predecessors != nil
        let needsNone = options.automatic.isEmpty && !apps.isEmpty && apps.allSatisfy { $0.fixedRule != nil }
        report.hasRules = rules != nil || needsNone
        report.complaint = fileComplaint
        report.ruleReloads = ruleReloads
        report.ruleProblems = rules?.errors.map(\.message) ?? []
        report.apps =
            apps.map { AppReport(name: $0.name, machine: $0.machine, reason: $0.waitsFor ?? whyUnread) }
            + unusable.map { AppReport(unusable: $0) }
        report.rules = (rules?.rules ?? []).map { rule in
            RuleReport(rule: rule.reachable(at: options.publicHost), service(of: rule))
        }
        if let rule = rules?.labelRule, case .app(let name) = service(of: rule) {
            report.rules.append(
                RuleReport(rule: rule.reachable(at: options.publicHost), .app(name), isDerived: true))
        }
        return report
    }

    /// Why nothing is known of rules.
    private var whyUnread: String? { rules == nil ? fileComplaint ?? "the ingress rules have not been read" : nil }

    private func service(of rule: IngressRule) -> RuleReport.Service {
        if external[rule.name] != nil { return .external }
        if let app = apps.first(where: { $0.machine.rule?.name == rule.name && $0.fixedRule == nil }) {
            return .app(app.name)
        }
        return stop == nil && definition(for: rule) != nil ? .pending : .none
    }
}
