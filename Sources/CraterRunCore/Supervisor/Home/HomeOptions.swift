/// How the home page is served: one rule for all apps of a job.
package struct HomeOptions: Equatable, Sendable {
    /// The names of the rules that open the home page.
    package static let identity = AppIdentity(
        name: "home", ruleNames: ["home", "apps", "crater"], defaultPort: nil)

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
}
