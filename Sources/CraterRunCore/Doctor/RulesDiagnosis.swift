/// Checks whether the ingress rules can be used, and whether there is one at all.
struct RulesDiagnosis {
    static let skipped = DoctorCheck.skipped(.rules, "not looked at: no annotation could be read")

    private let facts: DoctorFacts

    init(_ facts: DoctorFacts) { self.facts = facts }

    var checks: [DoctorCheck] {
        guard let rules = facts.rules else { return [RulesDiagnosis.skipped] }
        let problems = rules.problems(asksForJupyter: asksForJupyter).filter { isAskedFor($0.ruleName) }
        let broken = problems.filter { $0.severity == .error }.map { problem in
            DoctorCheck.failed(
                .rules,
                problem.message,
                remedy: "Remove it on the job's page and add it again. What the platform writes is of this form:\n\n"
                    + RulesDiagnosis.example(problem.ruleName)
            )
        }
        var names = rules.rules.map { "\($0.name) (port \($0.port), \($0.prefix.withTrailingSlash))" }
        if let derived = rules.labelRule {
            let jupyter = "Jupyter, if asked for, is served \(RulesDiagnosis.derived(derived))"
            guard !names.isEmpty || asksForJupyter else {
                return broken.isEmpty
                    ? [.skipped(.rules, "the pod has none yet; they are added on the job's page. But \(jupyter)")]
                    : broken
            }
            names.append(jupyter)
        }
        guard !names.isEmpty else { return broken.isEmpty ? [none] : broken }
        let odd = problems.filter { $0.severity == .warning }.map { "; \($0.message)" }
        return broken + [.ok(.rules, names.joined(separator: ", ") + odd.joined())]
    }

    /// The failed check if no annotation and no label gives a rule.
    private var none: DoctorCheck {
        .failed(
            .rules,
            "the pod has no ingress rule: none of its annotations is \(IngressRules.keyPrefix)NAME, and it has no label "
                + LabelFallback.key,
            remedy: """
                Add a rule on the job's page: a name such as tensorboard, and the port 6006. It is seen here within two \
                minutes.
                If that page shows one already, this platform does not write its rules on the pod: say where to serve, as \
                in crater-run tensorboard --prefix /ingress/PATH/ --port 6006, or have an annotation written of this form:

                \(RulesDiagnosis.example("tensorboard"))
                """
        )
    }

    /// The address of the rule that is derived from the Pod's label, for a message.
    static func derived(_ rule: IngressRule) -> String {
        "by the label \(LabelFallback.key) at port \(rule.port), \(rule.prefix.withTrailingSlash)"
    }

    private var asksForJupyter: Bool {
        facts.apps.contains { $0.subject.app.identity == .jupyter && $0.subject.usesLabel }
    }

    /// Whether the user asks about the rule.
    private func isAskedFor(_ rule: String) -> Bool {
        facts.names.isEmpty || facts.names.contains(rule)
            || facts.apps.contains { $0.subject.app.identity.ruleNames.contains(rule) }
    }

    private static func example(_ name: String) -> String {
        let name = name.isEmpty ? "tensorboard" : PrintableText.escape(name.utf8, limit: 80)
        let port = AppIdentity.all.first { $0.ruleNames.contains(name) }?.defaultPort ?? 6006
        return "  \(IngressRules.keyPrefix)\(name): "
            + #"'{"Name":"\#(name)","Port":\#(port),"Prefix":"/ingress/USER-12345/"}'"#
    }
}
