/// The result of looking for the ingress rule that belongs to an app.
package enum RuleSelection: Equatable, Sendable {
    case found(IngressRule)
    /// There is no rule yet, which is normal: the user adds it while the Pod runs.
    case none
    /// Several rules could be meant; they are sorted by name.
    case ambiguous([IngressRule])
    /// The rule that is meant has an error. Another rule is never used in its place.
    case unusable(RuleProblem)

    /// Finds an app's rule: the rule that the user asks for (`wish`). Without a wish: a rule with a name of the app's;
    /// else the rule on the app's port, unless it has another app's name; else, for Jupyter, the rule from the Pod's
    /// label.
    ///
    /// - Parameter usesLabel: whether the user asks for the app, so that the label counts.
    package static func choose(
        for app: AppIdentity,
        in rules: IngressRules,
        wish: RuleWish = RuleWish(),
        usesLabel: Bool = true
    ) -> RuleSelection {
        if let name = wish.name { return rule(named: name, in: rules).on(wish.port) }
        if let port = wish.port { return rule(on: port, for: app, in: rules) }
        let selection = choose(for: app, among: rules.rules, problems: rules.problems)
        guard usesLabel, selection == .none, app == .jupyter, let rule = rules.labelRule else { return selection }
        return .found(rule)
    }

    /// The rule with exactly this name.
    package static func rule(named name: String, in rules: IngressRules) -> RuleSelection {
        if let rule = rules.rules.first(where: { $0.name == name }) { return .found(rule) }
        if let problem = rules.error(of: name) { return .unusable(problem) }
        if let rule = rules.labelRule, rule.name == name { return .found(rule) }
        return .none
    }

    /// The rule on a port that the user names. The rule may have another app's name. If several rules have this port, a
    /// rule with a name of the app's is preferred.
    private static func rule(on port: UInt16, for app: AppIdentity, in rules: IngressRules) -> RuleSelection {
        // For an app without a usual port, the app's name is the name of the rule, as for `crater-run app`.
        if app.defaultPort == nil {
            let named = rule(named: app.name, in: rules)
            if named != .none { return named.on(port) }
        }
        let there = rules.rules.filter { $0.port == port }
        let own = there.filter { app.ruleNames.contains($0.name) }
        let selection = RuleSelection(candidates: own.isEmpty ? there : own)
        guard selection == .none else { return selection }
        if app == .jupyter, let rule = rules.labelRule, rule.port == port { return .found(rule) }
        // A rule of the app's that has an error may be meant for this port.
        return rules.errors.first { app.ruleNames.contains($0.ruleName) }.map { .unusable($0) } ?? .none
    }

    /// The selection, or none if its rule is on another port. A nil port stands for any port.
    private func on(_ port: UInt16?) -> RuleSelection {
        guard let port, case .found(let rule) = self, rule.port != port else { return self }
        return .none
    }

    /// Chooses without a given name and without the label.
    static func choose(for app: AppIdentity, among rules: [IngressRule], problems: [RuleProblem]) -> RuleSelection {
        let named = rules.filter { app.ruleNames.contains($0.name) }
        if !named.isEmpty { return RuleSelection(candidates: named) }
        let error = problems.first { $0.severity == .error && app.ruleNames.contains($0.ruleName) }
        if let error { return .unusable(error) }
        let namesOfOthers = AppIdentity.all.filter { $0 != app }.flatMap(\.ruleNames)
        return RuleSelection(
            candidates: rules.filter { $0.port == app.defaultPort && !namesOfOthers.contains($0.name) }
        )
    }

    /// The selection without the rules `claimed`, which other apps name as theirs. It changes only if one candidate is
    /// left.
    package func without(_ claimed: Set<String>) -> RuleSelection {
        guard case .ambiguous(let candidates) = self else { return self }
        let free = candidates.filter { !claimed.contains($0.name) }
        return free.count == 1 ? RuleSelection(candidates: free) : self
    }

    private init(candidates: [IngressRule]) {
        guard let first = candidates.first else {
            self = .none
            return
        }
        self = candidates.count == 1 ? .found(first) : .ambiguous(candidates)
    }

    /// Why there is no usable rule, in one line, and which rules the user can choose instead; nil if there is one.
    package func failureMessage(for app: AppIdentity, wish: RuleWish, in rules: IngressRules) -> String? {
        guard self == .none, let offer = wish.offer(of: rules.rules, for: app) else {
            return failureMessage(for: wish.name ?? app.name)
        }
        let rule = wish == RuleWish() ? "the ingress rule of" : "\(wish.words(for: app)) for"
        return "cannot find \(rule) \(app.name): \(offer)"
    }

    /// Why there is no usable rule, in one line; nil if there is one.
    package func failureMessage(for subject: String) -> String? {
        switch self {
        case .found: nil
        case .none: "cannot find the ingress rule of \(subject): there is none yet; add it on the job's page"
        case .ambiguous(let rules):
            "cannot tell which ingress rule is \(subject)'s: say --rule NAME with one of "
                + rules.map { "\($0.name) (port \($0.port), \($0.prefix.withTrailingSlash))" }.joined(separator: ", ")
        case .unusable(let problem): problem.message
        }
    }
}
