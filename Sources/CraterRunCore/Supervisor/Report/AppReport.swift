/// The state of one app, as status shows it.
package struct AppReport: Equatable, Sendable {
    package let name: String
    package internal(set) var state: AppState
    /// The app's current rule; nil if it has none.
    package let rule: IngressRule?
    /// The rule by which the app's process was started; nil if the app does not run.
    package let servedRule: IngressRule?
    package let pid: Int32?
    /// When the process was started.
    package let startedAt: MonotonicInstant?
    package let history: AppHistory
    /// When the app is launched again, if it is backing off.
    package let retryAt: MonotonicInstant?
    /// Whether the line that asks for the app cannot be used. Such an app has failed for good.
    package let isUnusable: Bool
    /// The path at which the app is asked whether it is ready, and which answers count; nil for an unusable app.
    package let readiness: ReadinessPolicy?
    /// The page that a person opens below the prefix; empty for the prefix itself.
    package let page: String
    /// How the app is served through the front door; nil if the ingress reaches it directly.
    package internal(set) var door: DoorUse?
    /// Where the app itself listens behind the front door; nil if it does not run there.
    package internal(set) var backend: Backend?
    /// Why the front door accepts no connections for the app; nil if it does, and without one.
    package internal(set) var outOfReach: String?
    /// The link with the key of the login. It is for the user's own eyes.
    package internal(set) var link: String?
    /// Whether the app is served below the home page.
    package internal(set) var isBelowHome = false
    /// When a person, or the app's own work, has last used the app behind the front door; nil if nobody has.
    package internal(set) var lastUse: MonotonicInstant?
    /// Why the app is in its state, where the state does not say it.
    package internal(set) var reason: String?

    /// - Parameter reason: why the app waits, if the machine does not know it.
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

    package var isReady: Bool { state == .ready && outOfReach == nil }

    /// Whether whoever opens the app gets it: an app that sleeps is woken by the visit. Probes count such an app as
    /// ready. Otherwise Kubernetes would take an unused Pod out of its Services, and no visit could reach it any more.
    package var isAvailable: Bool { isReady || state == .asleep && outOfReach == nil }
}
