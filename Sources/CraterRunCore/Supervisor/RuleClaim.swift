/// How an app gets its rule.
enum RuleClaim: Equatable, Sendable {
    /// The app has this rule because of `--prefix`, whatever the annotations say.
    case fixed(IngressRule)
    /// The app looks for its rule in the annotations: for the rule that the wish names, or for any rule that fits the
    /// app if the wish names none.
    case own(RuleWish)
    /// The app was opened for the rule with this name, and serves that rule only. `isThere`: false once the rule is
    /// gone.
    case opened(by: String, isThere: Bool)
    /// A reader of the home page has started the app, which is served below that page.
    case home

    init(of definition: AppDefinition) {
        self = definition.fixedRule.map { .fixed($0) } ?? .own(definition.wish)
    }
}
