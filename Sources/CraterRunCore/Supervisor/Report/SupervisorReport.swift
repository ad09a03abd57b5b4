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

/// An ingress rule, and who serves it.
package struct RuleReport: Equatable, Sendable {
    package let rule: IngressRule
    package let service: Service
    /// Whether it was derived from the Pod's label: then it is there for the app that is served by it alone.
    package let isDerived: Bool

    package enum Service: Equatable, Sendable {
        /// Nobody whom crater-run knows.
        case none
        case app(String)
        /// It opens an app, once the job has had its time to take the port itself.
        case pending
        /// Somebody listens at its port who is not ours.
        case external
    }

    package init(rule: IngressRule, _ service: Service, isDerived: Bool = false) {
        self.rule = rule
        self.service = service
        self.isDerived = isDerived
    }

    /// The app that is served by it; nil if there is none.
    package var app: String? { if case .app(let name) = service { name } else { nil } }
}

/// How one app stands.
package struct AppReport: Equatable, Sendable {
    package let name: String
    package let state: AppState
    /// The rule that it is to be served by; nil if it has none.
    package let rule: IngressRule?
    /// The rule that it runs with; nil if it does not run.
    package let servedRule: IngressRule?
    package let pid: Int32?
    /// When that process was started.
    package let startedAt: Instant?
    package let history: AppHistory
    /// Restarts in a row without a minute of readiness in between.
    package let restarts: Int
    /// When it is tried again, if it is backing off.
    package let retryAt: Instant?
    /// Whether the line that asks for it cannot be used: it is failed for good.
    package let isUnusable: Bool
    /// Where it is asked whether it is ready, and which answers count.
    package let readiness: ReadinessPolicy?
    /// The page that a person opens below its prefix; empty for the prefix itself.
    package let page: String
    /// Why it is in its state, where that is not plain.
    package fileprivate(set) var reason: String?

    /// - Parameter reason: where the machine does not know one.
    package init(name: String, machine: AppMachine, reason: String? = nil) {
        self.name = name
        state = machine.state
        rule = machine.rule
        servedRule = machine.servedRule
        pid = machine.pid
        startedAt = machine.startedAt
        history = machine.history
        restarts = machine.restarts
        retryAt = machine.retryAt
        isUnusable = false
        readiness = machine.policy.readiness
        page = machine.policy.page
        self.reason = machine.history.reason ?? (machine.state == .waiting ? reason : nil)
    }

    package init(unusable app: UnusableApp) {
        name = app.name
        state = .failed
        rule = nil
        servedRule = nil
        pid = nil
        startedAt = nil
        history = AppHistory()
        restarts = 0
        retryAt = nil
        isUnusable = true
        readiness = nil
        page = ""
        reason = app.condition
    }

    package var isReady: Bool { state == .ready }
}

/// Everything that a supervisor shows.
package struct SupervisorSnapshot: Equatable, Sendable {
    package let identity: SupervisorIdentity
    package let report: SupervisorReport
    /// Processes that came to it as their parents ended, and that it has reaped.
    package let orphansReaped: Int

    package init(identity: SupervisorIdentity, report: SupervisorReport, orphansReaped: Int = 0) {
        self.identity = identity
        self.report = report
        self.orphansReaped = orphansReaped
    }
}

/// Which supervisor it is, and since when. Fixed for its life.
package struct SupervisorIdentity: Equatable, Sendable {
    /// What tells it from every other one: the run's nonce, in hexadecimal digits.
    package let instance: String
    package let pid: Int32
    package let kind: Kind
    /// On the monotonic clock, and by the host's date.
    package let startedAt: Instant
    package let startedAtDate: WallTime

    /// What it was started for.
    package enum Kind: String, Sendable {
        /// A container's entry point: several apps, as their rules come.
        case up
        /// One app, by its own command.
        case foreground
    }

    package init(instance: String, pid: Int32, kind: Kind, startedAt: Instant, startedAtDate: WallTime) {
        self.instance = instance
        self.pid = pid
        self.kind = kind
        self.startedAt = startedAt
        self.startedAtDate = startedAtDate
    }

    /// The date that an instant of its clock has, as far as nobody has set the host's clock since.
    package func date(of instant: Instant) -> WallTime {
        let since = startedAt.duration(to: instant).clampedNanoseconds / 1_000_000
        return WallTime(milliseconds: startedAtDate.milliseconds &+ since)
    }
}
