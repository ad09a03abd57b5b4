/// One app of a ``Supervisor``.
package struct SupervisedApp: Sendable {
    package let name: String
    package internal(set) var machine: AppMachine
    let identity: AppIdentity
    /// As the user, or a rule, asks for the app.
    let definition: AppDefinition
    /// Whether the app is served below the home page, with the page's login.
    let isBelowHome: Bool
    var claim: RuleClaim
    /// The launch that the app's machine has asked for; nil once the app runs or cannot be started.
    var launch: Launch?
    /// The last logged reason why the app has no rule. The same reason is not logged twice in a row.
    var complaint: String?
    /// Whether the app was ever started. Before the first start, its port may belong to another process.
    var hasRun = false
    /// The key of the front door's login; nil without a login, and before the key is known.
    var key: LoginKey?
    /// The login that follows from the key.
    var login: DoorLogin?
    /// Why the front door lets nobody in, as long as the login's key is not known.
    var lock = DoorLock()
    /// The last lines of the app's output, oldest first, as far as they are known.
    var lines: [String] = []
    /// What is said about the app's readiness, until the front door has confirmed that it serves the app.
    var announcement: ReadyAnnouncement?
    /// What opens the app with the app's own secret, as the end of a URL: `?token=…`; nil if the process has no such
    /// secret.
    var secretQuery: Substring?
    /// The link with the key that was logged last.
    var saidLink: String?
    /// Whether the front door gives up the app's port while the app is stopped: another crater-run wants the port.
    var isReleased = false
    /// Decides when the app is put to sleep; nil for an app that never sleeps.
    var sleep: SleepWatch?
    /// When a person, or the app's own work, has last used the app; nil if nobody has.
    var lastUse: MonotonicInstant?
    /// The last logged reason why it is not known whether the app is at work.
    var saidUnknown: String?

    enum Launch: Equatable, Sendable {
        /// The launch waits until another app of this supervisor gives up the port.
        case held(IngressRule)
        case underWay(IngressRule)
    }

    init(
        _ definition: AppDefinition, named name: String, claim: RuleClaim, seed: UInt64, isBelowHome: Bool = false
    ) {
        var definition = definition
        definition.policy.name = name
        self.name = name
        self.definition = definition
        self.isBelowHome = isBelowHome
        identity = definition.app.identity
        self.claim = claim
        let policy = (isBelowHome ? definition.belowHome : definition).policy
        machine = AppMachine(policy: policy, seed: seed)
        // Without the front door nobody would know whether the app is used.
        if policy.door != nil {
            sleep = policy.sleepAfter.map { SleepWatch(after: $0, canBeBusy: policy.canBeBusy) }
        }
    }

    /// The definition by which the app is started where it is served.
    var servedDefinition: AppDefinition { isBelowHome ? definition.belowHome : definition }

    /// Whether the app waits for a rule with one of its names, and may be served below a home page meanwhile.
    var couldMoveBelowHome: Bool {
        claim == .own(RuleWish()) && !isBelowHome && machine.state == .waiting && machine.rule == nil && launch == nil
    }

    /// The rule that the user wants for the app (`--rule`, `--port`).
    var wish: RuleWish { if case .own(let wish) = claim { wish } else { RuleWish() } }
    var fixedRule: IngressRule? { if case .fixed(let rule) = claim { rule } else { nil } }
    var isAutomatic: Bool { if case .opened = claim { true } else { false } }
    /// For an automatic app: the name of its rule, as long as the rule exists.
    var boundRule: String? { if case .opened(let rule, isThere: true) = claim { rule } else { nil } }

    var heldLaunch: IngressRule? { if case .held(let rule) = launch { rule } else { nil } }
    private var launchUnderWay: IngressRule? { if case .underWay(let rule) = launch { rule } else { nil } }

    /// How the app is served through the front door; nil if the ingress reaches it directly.
    var door: DoorUse? { machine.policy.door }

    /// The rule by which the front door serves the app; nil if the door does not.
    var doorRule: IngressRule? {
        guard let rule = machine.rule, door != nil, !isReleased else { return nil }
        guard machine.policy.onRuleChange == .keep, let place = machine.place,
            machine.policy.needsRelaunch(from: place.outside, to: rule)
        else { return rule }
        return place.outside
    }

    /// Whether the app has, behind the front door, the address of this rule. Prefixes that differ in their escapes only are
    /// the same to the door.
    func isBehindDoor(at rule: IngressRule) -> Bool {
        guard let own = doorRule, own.port == rule.port else { return false }
        let (one, other) = (PrefixBytes(own.prefix), PrefixBytes(rule.prefix))
        return one.contains(other.withoutSlash) && other.contains(one.withoutSlash)
    }

    /// The link with the key of the login; nil without a login, and without a rule.
    var link: String? {
        guard let key, let rule = doorRule else { return nil }
        return "\(url(at: rule))\(key.fragment)"
    }

    /// The URL that opens the app at a rule, with the app's own secret, and without the key of the front door.
    func url(at rule: IngressRule) -> String { "\(AccessURL(of: rule, page: machine.policy.page))\(secretQuery ?? "")" }

    /// The app's state, as a user may count on it: an app behind the front door is ready once the door serves it.
    var state: AppState { machine.state == .ready ? announcement?.former ?? .ready : machine.state }

    /// The port that the app holds, or is about to take. An app behind the front door holds no rule's port.
    var port: UInt16? { door == nil ? launchUnderWay?.port ?? machine.servedRule?.port : nil }
    /// Whether the app has a process, or is about to have one.
    var isRunning: Bool { launchUnderWay != nil || machine.pid != nil }
    /// How much the app is there: 2 if it runs, or is about to, 1 if it is being stopped or sleeps, and 0 otherwise.
    var presence: Int {
        if machine.state == .asleep { return 1 }
        return isRunning ? machine.state == .stopping ? 1 : 2 : 0
    }
    /// Whether the app has neither a rule nor a process. crater-run waits for a rule for such an app only.
    var hasNothing: Bool { machine.rule == nil && machine.pid == nil }
    /// Whether the app has stopped or failed.
    var isOver: Bool { [.stopped, .failed].contains(machine.state) }

    /// Why the app waits: the logged reason, without the app's name.
    var waitsFor: String? {
        complaint.map { $0.hasPrefix("\(name): ") ? String($0.dropFirst(name.count + 2)) : $0 }
    }

    /// Whether the app is what the definition asks for: an app of the same kind, with the same rule.
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
