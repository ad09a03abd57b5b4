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
    package let startedAt: MonotonicInstant?
    package let history: AppHistory
    /// When it is tried again, if it is backing off.
    package let retryAt: MonotonicInstant?
    /// Whether the line that asks for it cannot be used: it is failed for good.
    package let isUnusable: Bool
    /// Where it is asked whether it is ready, and which answers count.
    package let readiness: ReadinessPolicy?
    /// The page that a person opens below the prefix; empty for the prefix itself.
    package let page: String
    /// Why it is in its state, where that is not plain.
    package internal(set) var reason: String?

    /// - Parameter reason: where the machine does not know one.
    package init(name: String, machine: AppMachine, reason: String? = nil) {
        self.name = name
        state = machine.state
        rule = machine.rule
        servedRule = machine.servedRule
        pid = machine.pid
        startedAt = machine.startedAt
        history = machine.history
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
        retryAt = nil
        isUnusable = true
        readiness = nil
        page = ""
        reason = app.condition
    }

    package var isReady: Bool { state == .ready }
}
