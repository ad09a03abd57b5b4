/// How an app comes to the rule that it is served by.
enum RuleClaim: Equatable, Sendable {
    /// `--prefix`: by this rule, whatever the annotations say.
    case fixed(IngressRule)
    /// It looks for its rule, which is the one that the user names if there is a wish.
    case own(RuleWish)
    /// It was opened for the rule of this name, and is there for that rule alone. `isThere` is false once the rule is gone.
    case opened(by: String, isThere: Bool)

    init(of definition: AppDefinition) {
        self = definition.fixedRule.map { .fixed($0) } ?? .own(definition.wish)
    }
}
