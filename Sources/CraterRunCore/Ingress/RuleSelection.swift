/// The result of looking for the ingress rule that belongs to an app.
package enum RuleSelection: Equatable, Sendable {
    case found(IngressRule)
    /// There is no rule yet, which is normal: the user adds it while the Pod runs.
    case none
    /// Several rules could be meant; they are sorted by name.
    case ambiguous([IngressRule])
    /// The rule that is meant has an error. Another rule is never used in its place.
    case unusable(RuleProblem)

    /// Finds an app's rule: the rule `name` if a name is given; else a rule with a name of the app's; else the rule on
    /// the app's port, unless it has another app's name; else, for Jupyter, the rule from the Pod's label.
    ///
    /// - Parameter usesLabel: whether the user asks for the app, so that the label counts.
    package static func choose(
        for app: AppIdentity,
        in rules: IngressRules,
        named name: String? = nil,
        usesLabel: Bool = true
    ) -> RuleSelection {
        if let name { return rule(named: name, in: rules) }
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
