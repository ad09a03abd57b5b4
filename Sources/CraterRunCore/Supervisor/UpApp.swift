/// One app of ``UpSupervisor``.
package struct UpApp: Sendable {
    package let name: String
    package internal(set) var machine: AppMachine
    let identity: AppIdentity
    let ruleName: String?
    let fixedRule: IngressRule?
    /// For an automatic app: the name of the rule that it is served by; nil once that rule is gone.
    var boundRule: String? { didSet { lastBoundRule = boundRule ?? oldValue ?? lastBoundRule } }
    /// The last of those; a rule that comes back under its name finds its app again.
    private(set) var lastBoundRule: String?
    let isAutomatic: Bool
    /// A launch that was asked for and has not been answered.
    var pendingLaunch: IngressRule?
    /// A launch that waits for an app of ours to give the port up.
    var heldLaunch: IngressRule?
    var lastComplaint: String?
    /// Whether it was ever started: before that, its port may be somebody else's.
    var hasRun = false

    /// The port that it holds, or is about to.
    var port: UInt16? { pendingLaunch?.port ?? machine.servedRule?.port }
    /// Whether it has a process, or is about to.
    var isRunning: Bool { pendingLaunch != nil || machine.pid != nil }
}
