/// All ingress rules of the Pod: what can be used, and what is wrong with the rest.
package struct IngressRules: Equatable, Sendable {
    /// What the key of a rule's annotation begins with; the rule's name follows.
    package static let keyPrefix = "ingress.crater.raids.io/"

    /// The rules that can be used, by name.
    package let rules: [IngressRule]
    /// Jupyter's rule by the Pod's label, where no annotation has anything to do with Jupyter. It is derived, and nobody's
    /// wish: the platform gives the label to all Pods. So it is for somebody who asks for Jupyter, and opens nothing.
    package let labelRule: IngressRule?
    /// Errors, each of a rule that is not among ``rules``, and warnings; by rule name.
    package let problems: [RuleProblem]
    /// The job's name on the platform, for messages: escaped and shortened.
    package let taskName: String?

    /// Reads every rule of `annotations`; `labels` is the labels file beside it, if there is one.
    package init(annotations: AnnotationsFile, labels: AnnotationsFile? = nil) {
        taskName = annotations["crater.raids.io/task-name"].flatMap { value in
            value.isEmpty ? nil : PrintableText.escape(value, limit: 120)
        }

        // The last of several annotations with one key counts.
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

    /// What there is to say where Jupyter is asked for, or is not: then a label that makes no rule is nobody's business.
    package func problems(asksForJupyter: Bool) -> [RuleProblem] {
        asksForJupyter ? problems : problems.filter { $0.reason != .badLabel }
    }

    /// What keeps rules from being used.
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
        // What the platform's page promises of a name.
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

    /// A warning for each rule that follows one with its port, and for each that follows one with its prefix.
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
        // Rules at the root are on subdomains, which an annotation need not tell: no two of them are the same.
        let atPaths = rules.filter { !$0.prefix.isRoot || $0.publicHost != nil }
        for (_, same) in Dictionary(grouping: atPaths, by: { AccessURL(of: $0).description })
            .sorted(by: { $0.key < $1.key })
        {
            warn(same) { .samePrefix(as: $0) }
        }
        return problems
    }
}
