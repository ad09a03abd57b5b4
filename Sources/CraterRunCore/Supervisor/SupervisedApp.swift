/// One app of a ``Supervisor``.
package struct SupervisedApp: Sendable {
    package let name: String
    package internal(set) var machine: AppMachine
    let identity: AppIdentity
    var claim: RuleClaim
    /// The launch that its machine has asked for, until the app runs or cannot be started.
    var launch: Launch?
    /// What was last said of why it has no rule, so that it is said once.
    var complaint: String?
    /// Whether it was ever started: before that, its port may be somebody else's.
    var hasRun = false

    enum Launch: Equatable, Sendable {
        /// It waits until another app of ours gives up the port.
        case held(IngressRule)
        case underWay(IngressRule)
    }

    init(_ definition: AppDefinition, named name: String, claim: RuleClaim, seed: UInt64) {
        var policy = definition.policy
        policy.name = name
        self.name = name
        machine = AppMachine(policy: policy, seed: seed)
        identity = definition.app.identity
        self.claim = claim
    }

    /// What the user says of its rule (`--rule`, `--port`).
    var wish: RuleWish { if case .own(let wish) = claim { wish } else { RuleWish() } }
    var fixedRule: IngressRule? { if case .fixed(let rule) = claim { rule } else { nil } }
    var isAutomatic: Bool { if case .opened = claim { true } else { false } }
    /// For an automatic app: the name of its rule, as long as that is there.
    var boundRule: String? { if case .opened(let rule, isThere: true) = claim { rule } else { nil } }

    var heldLaunch: IngressRule? { if case .held(let rule) = launch { rule } else { nil } }
    private var launchUnderWay: IngressRule? { if case .underWay(let rule) = launch { rule } else { nil } }

    /// The port that it holds, or is about to.
    var port: UInt16? { launchUnderWay?.port ?? machine.servedRule?.port }
    /// Whether it has a process, or is about to.
    var isRunning: Bool { launchUnderWay != nil || machine.pid != nil }
    /// Whether it has neither a rule nor a process: only then is there something to wait for.
    var hasNothing: Bool { machine.rule == nil && machine.pid == nil }
    /// Whether it has come to its end.
    var isOver: Bool { [.stopped, .failed].contains(machine.state) }

    /// Why it waits, as was said, without its name.
    var waitsFor: String? {
        complaint.map { $0.hasPrefix("\(name): ") ? String($0.dropFirst(name.count + 2)) : $0 }
    }

    /// Whether it is what this definition asks for: an app of the same kind, by the same rule.
    func isServing(_ definition: AppDefinition) -> Bool {
        guard identity == definition.app.identity else { return false }
        if let rule = definition.fixedRule { return (machine.rule ?? fixedRule)?.address == rule.address }
        let wanted = definition.wish
        guard wanted != RuleWish() else { return wish == RuleWish() && fixedRule == nil }
        if wanted == wish { return true }
        guard let rule = machine.rule, fixedRule == nil else { return false }
        return wanted.name.map { $0 == rule.name } ?? true && wanted.port.map { $0 == rule.port } ?? true
    }
}
