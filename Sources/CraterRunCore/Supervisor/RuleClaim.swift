/// How an app gets its rule.
enum RuleClaim: Equatable, Sendable {
    /// The app has this rule, by `--prefix` and `--port`, whatever the annotations say.
    case fixed(IngressRule)
    /// The app looks for its rule in the annotations: for the rule with this name (`--rule`), or if nil for any that
    /// fits.
    case own(named: String?)
    /// The app was opened for the rule with this name, and serves that rule only. `isThere`: false once the rule is
    /// gone.
    case opened(by: String, isThere: Bool)

    init(of definition: AppDefinition) {
        self = definition.fixedRule.map { .fixed($0) } ?? .own(named: definition.ruleName)
    }
}
