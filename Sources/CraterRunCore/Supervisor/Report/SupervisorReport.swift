/// The state of everything that a supervisor looks after, as probes and status show it. It is a value, so reading it
/// changes nothing.
package struct SupervisorReport: Equatable, Sendable {
    /// Whether the supervisor has been told to end.
    package var isStopping = false
    /// Whether the supervisor is still ending the processes that an earlier one left behind. Before that is done, it
    /// starts no app.
    package var isTakingOver = false
    /// Whether the rules are known: the annotations file was read once, or is not needed.
    package var hasRules = false
    /// What is wrong with the annotations file now; nil if nothing is.
    package var complaint: String?
    /// How many readings have changed the rules.
    package var ruleReloads = 0
    /// What is wrong with the rules that cannot be used, one sentence each.
    package var ruleProblems: [String] = []
    /// The rules that were read last.
    package var rules: [RuleReport] = []
    package var apps: [AppReport] = []
    /// The front door; nil without one.
    package var door: DoorReport?
    /// The rule that opens the home page; nil without one.
    package var home: IngressRule?
    /// The link that opens the home page, with the key of its login. It is for the user's own eyes.
    package var homeLink: String?

    package init() {}

    /// The report for anybody who can reach the health port. It has no reasons, since a reason may contain a prefix,
    /// and the prefix is the only secret of an app without a login.
    package var withoutReasons: SupervisorReport {
        var report = self
        report.complaint = complaint.map { _ in "the annotations file cannot be read, or not all of it" }
        for index in apps.indices {
            report.apps[index].reason = nil
            report.apps[index].link = nil
            report.apps[index].outOfReach = apps[index].outOfReach.map { _ in "the front door cannot be reached" }
        }
        report.homeLink = nil
        report.door?.problem = door?.problem.map { _ in "the front door is not there" }
        report.door?.closed = [:]
        return report
    }

    /// The apps whose readiness counts: apps that have a rule, and apps that cannot be served because their line cannot
    /// be used.
    package var appsThatCount: [AppReport] { apps.filter { $0.rule != nil || $0.isUnusable } }

    /// The names of the rules that are going to open an app.
    package var pendingRules: [String] { rules.filter { $0.service == .pending }.map(\.rule.name) }
}
