/// How everything stands that a supervisor looks after: what it shows to those who ask. A value; reading it changes nothing.
package struct SupervisorReport: Equatable, Sendable {
    /// Whether it has been told to end.
    package var isStopping = false
    /// Whether it still ends what a supervisor before it has left: until then it starts nothing.
    package var isTakingOver = false
    /// Whether it knows which rules there are: the annotations file was read once, or none is needed.
    package var hasRules = false
    /// What is wrong with the annotations file now; nil if nothing is.
    package var complaint: String?
    /// How often a reading brought other rules than the one before it.
    package var ruleReloads = 0
    /// What is wrong with rules that cannot be used, a sentence each.
    package var ruleProblems: [String] = []
    /// The rules as they were last read.
    package var rules: [RuleReport] = []
    package var apps: [AppReport] = []

    package init() {}

    /// The same for anybody who can reach the port: without reasons, which may hold a prefix. An app without a login has nothing
    /// but its prefix for a secret.
    package var withoutReasons: SupervisorReport {
        var report = self
        report.complaint = complaint.map { _ in "the annotations file cannot be read, or not all of it" }
        for index in report.apps.indices { report.apps[index].reason = nil }
        return report
    }

    /// The apps whose readiness counts: those that have a rule to be served by, and those that never will be served.
    package var appsThatCount: [AppReport] { apps.filter { $0.rule != nil || $0.isUnusable } }

    /// The rules that are going to open an app.
    package var pendingRules: [String] { rules.filter { $0.service == .pending }.map(\.rule.name) }
}
