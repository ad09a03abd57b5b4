/// How an app comes to the rule that it is served by.
enum RuleClaim: Equatable, Sendable {
    /// `--prefix` and `--port`: by this rule, whatever the annotations say.
    case fixed(IngressRule)
    /// It looks for its rule; for the one of this name if there is one (`--rule`).
    case own(named: String?)
    /// It was opened for the rule of this name, and is there for that rule alone. `isThere` is false once the rule is gone.
    case opened(by: String, isThere: Bool)

    init(of definition: AppDefinition) {
        self = definition.fixedRule.map { .fixed($0) } ?? .own(named: definition.ruleName)
    }
}
