// Which rule each app is served by.

extension Supervisor {
    mutating func read(_ reading: RulesReading, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard stop == nil else { return [] }
        switch reading {
        case .failed(let failure):
            let message = keepsRules ? "\(failure.summary); the rules stay as they were" : failure.message
            guard keeper.failed(failure, saying: message) else { return [] }
            return keepsRules ? [.log(LogEntry(.warning, message))] : waitOrFail(message, below: failure.below)
        case .read(let rules, let complaints):
            let asksForJupyter = apps.contains { !$0.isAutomatic && $0.identity == .jupyter }
            let (isTaken, said) = keeper.take(rules, complaints: complaints, asksForJupyter: asksForJupyter)
            return said.map { .log($0) } + (isTaken ? assign(at: now) + settle(at: now) : [])
        }
    }

    /// Whether there are rules that stay valid while the file cannot be read.
    private var keepsRules: Bool {
        keeper.isWhole || apps.contains { $0.fixedRule == nil && !$0.hasNothing }
    }

    /// Gives every app its rule, and an app to every rule that opens one.
    mutating func assign(at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let all = keeper.rules, stop == nil else { return [] }
        var (rules, effects) = assignHome(all, at: now)
        var taken: Set<String> = []
        for app in apps {
            if app.claim == .home {
                effects += stayBelowHome(app, instead: selection(for: app, in: rules), &taken, at: now)
            }
            guard case .own = app.claim else { continue }
            let selection = selection(for: app, in: rules)
            let hasPlace = home?.rule != nil && app.wish == RuleWish()
            effects += move(app.name, belowHome: hasPlace && selection == .none)
            if hasPlace, apps.contains(where: { $0.name == app.name && $0.isBelowHome }) {
                effects += stayBelowHome(app, instead: selection, &taken, at: now)
                continue
            }
            // The page is going to have a place for the app.
            if app.hasNothing, app.wish == RuleWish(), selection == .none, home?.pendingRule != nil { continue }
            let rule: IngressRule? = if case .found(let rule) = selection { rule } else { nil }
            if let rule {
                taken.insert(rule.name)
                waitsSince = nil
            }
            effects += complain(about: selection, of: app, in: rules)
            effects += changeRule(of: app.name, to: rule, at: now)
        }
        guard !automatic.definitions.isEmpty else { return effects }
        // The rule derived from the Pod's label is left out: every Pod of the platform has that label, so it is not a
        // user's wish.
        return effects + assignAutomatic(rules.rules.filter { !taken.contains($0.name) }, at: now)
    }

    func selection(for app: SupervisedApp, in rules: IngressRules) -> RuleSelection {
        // Every Pod has the label, whether an ingress serves it or not; the home page is there. An app that runs by the
        // label's rule keeps it.
        let usesLabel = home?.isWanted != true || app.machine.servedRule?.address == rules.labelRule?.address
        let selection = RuleSelection.choose(
            for: app.identity, in: rules, wish: app.wish, usesLabel: app.claim != .home && usesLabel)
        guard case .ambiguous(let candidates) = selection else { return selection }
        // A second candidate must not take the app away from its current rule.
        let current = (app.machine.rule ?? app.machine.servedRule)?.address
        if let rule = candidates.first(where: { $0.address == current }) { return .found(rule) }
        return selection.without(Set(apps.compactMap(\.wish.name)))
    }

    /// Logs why an app has no rule, unless the same reason was logged last.
    private mutating func complain(
        about selection: RuleSelection, of app: SupervisedApp, in rules: IngressRules
    ) -> [SupervisorEffect] {
        let complaint: String? =
            switch selection {
            case .found: nil
            case .none: app.hasNothing ? wish(of: app, in: rules) : nil
            case .ambiguous: selection.failureMessage(for: app.name)
            case .unusable(let problem): app.machine.pid == nil ? regret(problem, of: app) : nil
            }
        guard let index = index(of: app.name), complaint != app.complaint else { return [] }
        apps[index].complaint = complaint
        guard let complaint else { return [] }
        guard options.foreground == nil else { return say(complaint, about: selection, of: app) }
        // Only the user can end this, while a rule that is not there yet may well come.
        let level: LogLevel = if case .ambiguous = selection { .warning } else { .info }
        return [.log(LogEntry(level, complaint, of: LogSubject(app: app.name)))]
    }

    /// The message about an app that waits for its rule.
    private func wish(of app: SupervisedApp, in rules: IngressRules) -> String {
        if options.foreground != nil { return "waiting\(limit) for \(wanted(by: app)); \(describe(rules, for: app))" }
        let doubt = keeper.neverChanges.map { ", which will not be seen: \($0)" } ?? ""
        let free = rules.rules.filter { !isTaken($0, from: app) }
        let offer = app.wish.offer(of: free, for: app.identity).map { "; \($0)" } ?? ""
        return "\(app.name): waiting for \(wanted(by: app))\(doubt)\(offer)"
    }

    /// The message about an app whose rule cannot be used.
    private func regret(_ problem: RuleProblem, of app: SupervisedApp) -> String {
        if options.foreground != nil { return "cannot serve \(app.name): \(problem.message)" }
        return "\(app.name): waiting for its rule \(problem.ruleName) to be mended: \(problem.details)"
    }

    /// The rule that the app needs, in words.
    func wanted(by app: SupervisedApp) -> String {
        app.wish.words(for: app.identity, mentionsUsualPort: options.foreground != nil)
    }

    /// Whether messages do not suggest this rule to the app, because another app or another process uses the rule, or
    /// because the rule has another app's name.
    private func isTaken(_ rule: IngressRule, from app: SupervisedApp) -> Bool {
        AppIdentity.all.contains { $0 != app.identity && $0.ruleNames.contains(rule.name) }
            || apps.contains {
                $0.name != app.name && ($0.machine.rule?.name == rule.name || $0.wish.name == rule.name)
            }
            || automatic.external[rule.name] != nil
    }

    mutating func changeRule(of name: String, to rule: IngressRule?, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        let new = rule?.reachable(at: options.publicHost)
        return new == apps[index].machine.rule ? [] : tell(name, .ruleChanged(new), at: now)
    }
}
