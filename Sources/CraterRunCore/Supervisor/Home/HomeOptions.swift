/// How the home page is served: one rule for all apps of a job.
package struct HomeOptions: Equatable, Sendable {
    /// The names of the rules that open the home page.
    package static let identity = AppIdentity(
        name: "home", ruleNames: ["home", "apps", "crater"], defaultPort: nil)

    /// Under which name the page's random key is kept. No rule's name begins with a dot, and so no app's name does.
    package static let keyName = ".home"

    /// The rule that the user asks for (`--home RULE`); no name: a rule with one of the names of ``identity``.
    package var wish = RuleWish()
    /// Where the key of the page's login comes from. It is the login of all apps below the page.
    package var login = LoginSource.random
    /// The Pod's name, for the page's title. Empty if it is not known.
    package var host = ""
    /// The apps that readers of the page can start, besides those that are served already: in the order shown. Only those
    /// are shown whose program is there.
    package var offers: [AppDefinition] = []

    package init() {}

    /// The rules that can open the home page; the first one does.
    ///
    /// - Parameter wished: the names of the rules that users ask for, for apps.
    /// - Parameter named: the names by which apps without such a wish know their rules.
    package func candidates(in rules: IngressRules, wished: Set<String>, named: Set<String>) -> [IngressRule] {
        let wanted = wish.name.map { [$0] } ?? HomeOptions.identity.ruleNames
        return rules.rules.filter { rule in
            wanted.contains(rule.name) && !wished.contains(rule.name)
                && (rule.name == wish.name || !named.contains(rule.name))
        }
    }

    /// The rule by which an app is served below the home page of this rule; nil if the prefix would be too long.
    package static func rule(below rule: IngressRule, of app: String) -> IngressRule? {
        guard let prefix = try? PathPrefix(rule.prefix.appending("/\(PercentEncoding.encode(app))/")) else {
            return nil
        }
        return IngressRule(name: rule.name, port: rule.port, prefix: prefix, publicHost: rule.publicHost)
    }
}
