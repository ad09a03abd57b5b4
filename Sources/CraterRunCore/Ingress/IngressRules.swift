/// All ingress rules of the Pod: the usable rules, and the problems with the others.
package struct IngressRules: Equatable, Sendable {
    /// The beginning of a rule's annotation key; the rule's name follows.
    package static let keyPrefix = "ingress.crater.raids.io/"

    /// The usable rules, sorted by name.
    package let rules: [IngressRule]
    /// Jupyter's rule derived from the Pod's label; nil if any annotation concerns Jupyter. The platform gives the
    /// label to every Pod, so the label does not mean that anybody wants Jupyter: only a request for Jupyter may use
    /// this rule.
    package let labelRule: IngressRule?
    /// Errors, each about a rule that is not among ``rules``, and warnings; sorted by rule name.
    package let problems: [RuleProblem]
    /// The job's name on the platform, for messages: escaped and shortened.
    package let taskName: String?

    /// Reads every rule in `annotations`. `labels` is the labels file in the same directory, if there is one.
    package init(annotations: AnnotationsFile, labels: AnnotationsFile? = nil) {
        taskName = annotations["crater.raids.io/task-name"].flatMap { value in
            value.isEmpty ? nil : PrintableText.escape(value, limit: 120)
        }

        // If several annotations have the same key, the last one counts.
        var values: [String: [UInt8]] = [:]
        var namesGivenTwice: Set<String> = []
        for entry in annotations.entries where entry.key.starts(with: Self.keyPrefix.utf8) {
            let name = String(decoding: entry.key.dropFirst(Self.keyPrefix.utf8.count), as: UTF8.self)
            if values.updateValue(entry.value, forKey: name) != nil { namesGivenTwice.insert(name) }
        }
        var problems = namesGivenTwice.map {
            RuleProblem(key: Self.keyPrefix + $0, ruleName: $0, reason: .givenTwice)
        }

        var rules: [IngressRule] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            do throws(RuleProblem) {
                let (rule, warnings) = try Self.rule(named: name, value: value)
                rules.append(rule)
                problems += warnings
            } catch {
                problems.append(error)
            }
        }
        problems += Self.collisions(among: rules)

        let fallback = labels.flatMap(LabelFallback.init)
        let noneIsJupyters = RuleSelection.choose(for: .jupyter, among: rules, problems: problems) == .none
        labelRule = noneIsJupyters ? fallback?.rule : nil
        if noneIsJupyters, let problem = fallback?.problem { problems.append(problem) }

        self.rules = rules
        self.problems = problems.enumerated()
            .sorted { ($0.element.ruleName, $0.offset) < ($1.element.ruleName, $1.offset) }
            .map(\.element)
    }

    /// The problems to report. A label that makes no rule is reported only if Jupyter is asked for.
    package func problems(asksForJupyter: Bool) -> [RuleProblem] {
        asksForJupyter ? problems : problems.filter { $0.reason != .badLabel }
    }

    /// The same rules without the one of this name.
    package func without(_ name: String?) -> IngressRules {
        guard let name else { return self }
        return IngressRules(
            rules: rules.filter { $0.name != name }, labelRule: labelRule, problems: problems, taskName: taskName)
    }

    private init(rules: [IngressRule], labelRule: IngressRule?, problems: [RuleProblem], taskName: String?) {
        self.rules = rules
        self.labelRule = labelRule
        self.problems = problems
        self.taskName = taskName
    }

    /// The problems that keep rules from being used.
    package var errors: [RuleProblem] { problems.filter { $0.severity == .error } }

    /// The error that keeps the rule `name` from being used.
    package func error(of name: String) -> RuleProblem? {
        errors.first { $0.ruleName == name }
    }

    private static func rule(
        named name: String,
        value: [UInt8]
    ) throws(RuleProblem) -> (rule: IngressRule, warnings: [RuleProblem]) {
        let key = keyPrefix + name
        guard !name.isEmpty else { throw RuleProblem(key: key, ruleName: name, reason: .noName, value: value) }
        let contents: IngressRuleDecoder.Contents
        do throws(IngressRuleDecoder.Failure) { contents = try IngressRuleDecoder.decode(value) } catch {
            throw RuleProblem(key: key, ruleName: name, reason: error.reason, value: error.value)
        }
        var warnings: [RuleProblem] = []
        if let other = contents.name, other.text != name {
            warnings.append(RuleProblem(key: key, ruleName: name, reason: .otherName, value: other.json))
        }
        // The platform's documentation promises names of this form.
        if !(1...20).contains(name.utf8.count) || !name.utf8.allSatisfy(Byte.isLowercaseLetter) {
            warnings.append(RuleProblem(key: key, ruleName: name, reason: .unusualName, value: name.utf8))
        }
        let rule = IngressRule(
            name: name,
            port: contents.port,
            prefix: contents.prefix,
            publicHost: contents.publicHost?.description
        )
        return (rule, warnings)
    }

    /// A warning for each port that several rules share, and for each prefix that several rules share.
    private static func collisions(among rules: [IngressRule]) -> [RuleProblem] {
        var problems: [RuleProblem] = []
        func warn(_ same: [IngressRule], _ reason: ([String]) -> RuleProblem.Reason) {
            guard let first = same.first, let last = same.last, same.count > 1 else { return }
            let others = same.dropLast().map(\.name)
            let shown = others.count > 3 ? [first.name, "and \(others.count - 1) others"] : others
            problems.append(RuleProblem(key: keyPrefix + last.name, ruleName: last.name, reason: reason(shown)))
        }
        for (port, same) in Dictionary(grouping: rules, by: \.port).sorted(by: { $0.key < $1.key }) {
            warn(same) { .samePort(port, as: $0) }
        }
        // Rules at the root are on subdomains, which an annotation need not name, so two of them are not known to
        // collide.
        let atPaths = rules.filter { !$0.prefix.isRoot || $0.publicHost != nil }
        for (_, same) in Dictionary(grouping: atPaths, by: { AccessURL(of: $0).description })
            .sorted(by: { $0.key < $1.key })
        {
            warn(same) { .samePrefix(as: $0) }
        }
        return problems
    }
}
