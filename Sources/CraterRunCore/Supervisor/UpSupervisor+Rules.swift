// Which rule each app is served by.

extension UpSupervisor {
    mutating func read(_ reading: RulesReading, at now: Instant) -> [Effect] {
        guard stop == nil else { return [] }
        switch reading {
        case .failed(let failure):
            fileComplaint = failure.summary
            return complain(
                hasReadRules ? "\(failure.summary); the rules stay as they were" : failure.message,
                below: hasReadRules ? [] : failure.below,
                then: hasReadRules ? nil : "waiting for that to change"
            )
        case .read(_, let complaints) where hasReadRules && !complaints.isEmpty:
            fileComplaint = complaints.first
            return say(complaints + ["the annotations file is incomplete; the rules stay as they were"])
        case .read(let new, let complaints):
            lastComplaint = nil
            hasReadRules = complaints.isEmpty
            fileComplaint = complaints.first
            if let rules, rules != new { ruleReloads += 1 }
            rules = new
            let problems = new.problems(asksForJupyter: apps.contains { !$0.isAutomatic && $0.identity == .jupyter })
            return say(complaints + problems.map(\.message)) + assign(at: now) + settle(at: now)
        }
    }

    /// One line for each problem that the last reading did not have.
    mutating func say(_ problems: [String]) -> [Effect] {
        let new = problems.filter { !saidProblems.contains($0) }
        saidProblems = Set(problems)
        return new.map { .log(LogEntry(.warning, $0)) }
    }

    mutating func complain(_ message: String, below: [String] = [], then more: String?) -> [Effect] {
        guard message != lastComplaint else { return [] }
        lastComplaint = message
        return [.log(LogEntry(.warning, message, below: below))] + (more.map { [.log(LogEntry(.info, $0))] } ?? [])
    }

    /// Gives every app its rule, and every rule of an automatic app its app.
    mutating func assign(at now: Instant) -> [Effect] {
        guard let rules, stop == nil, predecessors == nil else { return [] }
        var effects: [Effect] = []
        var taken: Set<String> = []
        for app in apps where !app.isAutomatic && app.fixedRule == nil {
            let selection = RuleSelection.choose(for: app.identity, in: rules, named: app.ruleName)
            let (rule, complaint) = choose(selection, for: app)
            if let rule { taken.insert(rule.name) }
            effects += say(complaint, about: app.name)
            effects += changeRule(of: app.name, to: rule, at: now)
        }
        guard !options.automatic.isEmpty else { return effects }
        // Without the rule by the label, which is there in every Pod of the platform, and nobody's wish.
        let candidates = rules.rules.filter { !taken.contains($0.name) }
        return effects + assignAutomatic(candidates, at: now)
    }

    func choose(_ selection: RuleSelection, for app: UpApp) -> (rule: IngressRule?, complaint: String?) {
        switch selection {
        case .found(let rule): return (rule, nil)
        case .none:
            guard app.machine.rule == nil, app.machine.pid == nil else { return (nil, nil) }
            let wanted = app.ruleName ?? app.identity.ruleNames.joined(separator: " or ")
            let doubt = neverChanges.map { ", which will not be seen: \($0)" } ?? ""
            return (nil, "\(app.name): waiting for an ingress rule named \(wanted)\(doubt)")
        case .ambiguous(let candidates):
            // A second candidate must not take the app away from the rule that it is served by.
            let current = (app.machine.rule ?? app.machine.servedRule)?.address
            if let rule = candidates.first(where: { $0.address == current }) { return (rule, nil) }
            if case .found(let rule) = selection.without(Set(apps.compactMap(\.ruleName))) { return (rule, nil) }
            return (nil, selection.failureMessage(for: app.name))
        case .unusable(let problem):
            guard app.machine.pid == nil else { return (nil, nil) }
            return (
                nil, "\(app.name): waiting for its rule \(problem.ruleName) to be mended: \(problem.details)"
            )
        }
    }

    mutating func say(_ complaint: String?, about name: String) -> [Effect] {
        guard let index = index(of: name), complaint != apps[index].lastComplaint else { return [] }
        apps[index].lastComplaint = complaint
        return complaint.map { [.log(LogEntry(.info, $0, of: LogSubject(app: name)))] } ?? []
    }

    mutating func changeRule(of name: String, to rule: IngressRule?, at now: Instant) -> [Effect] {
        guard let index = index(of: name) else { return [] }
        let new = rule?.reachable(at: options.publicHost)
        return new == apps[index].machine.rule ? [] : tell(name, .ruleChanged(new), at: now)
    }
}
