/// Looks after all apps of `crater-run up`: gives each its rule, opens one for each rule of an automatic app, and keeps them
/// out of each other's way. Events in, effects out.
package struct UpSupervisor: AppsSupervisor {
    /// How soon after the first a second, equal signal is the same request once more, and no impatience.
    private static let echo = Duration.milliseconds(100)

    package let options: UpOptions
    /// In the order in which they were opened.
    package private(set) var apps: [UpApp] = []
    /// Automatic rules whose port is not to be had, because somebody who is not ours listens there: by name.
    package private(set) var external: [String: IngressRule] = [:]
    private let seed: UInt64

    /// The rules that were last read.
    private var rules: IngressRules?
    /// Whether the annotations file was once whole: from then on nothing less replaces what was read.
    private var hasReadRules = false
    /// The problems of the last reading, so that each is said once.
    private var saidProblems: Set<String> = []
    private var lastComplaint: String?
    /// Automatic rules whose port is being looked at: by name.
    private var looking: [String: IngressRule] = [:]
    /// When the rules are to be gone through again, since the job's time is over.
    private var autoAt: Instant?
    private var predecessors: PredecessorStop?
    /// The signal that asked for the stop, and when; SIGTERM where the init role is gone.
    private var stop: (signal: Signal, at: Instant)?

    package init(options: UpOptions, seed: UInt64) {
        self.options = options
        self.seed = seed
    }

    package var isIdle: Bool { apps.allSatisfy { $0.machine.pid == nil } && predecessors == nil }

    package var nextDeadline: Instant? {
        (apps.map(\.machine.nextDeadline) + [autoAt, predecessors?.nextDeadline]).compactMap { $0 }.min()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        switch event {
        case .started: return started(at: now)
        case .rules(let reading): return read(reading, at: now)
        case .signal(let signal): return received(signal, at: now)
        case .initIsGone:
            return [.log(LogEntry(.warning, "the process that looks after the job is gone: stopping"))]
                + beginStop(.terminate, at: now)
        case .app(let name, let event):
            return (giveWay(name, after: event) ?? tell(name, event, at: now)) + settle(at: now)
        case .portLooked(let rule, let look): return looked(rule, look, at: now) + settle(at: now)
        case .predecessors(let remaining): return surveyed(remaining, at: now)
        case .tick: return ticked(at: now)
        }
    }

    private mutating func started(at now: Instant) -> [Effect] {
        for definition in options.apps { open(definition, named: definition.name, rule: nil) }
        if let due = options.jobStartedAt?.advanced(by: options.autoDelay), due > now { autoAt = due }
        guard options.followsAnother else { return begin(at: now) }
        var signals: [String: Signal] = [:]
        for definition in options.automatic + options.apps {
            for name in [definition.name] + definition.app.identity.ruleNames {
                signals[name] = definition.policy.stopSignal
            }
        }
        predecessors = PredecessorStop(startedAt: now)
        return [.stopPredecessors(signals), .surveyPredecessors]
    }

    /// The apps that need no rules begin at once, the others with what has been read.
    private mutating func begin(at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        for app in apps {
            guard let rule = app.fixedRule else { continue }
            effects += tell(app.name, .ruleChanged(rule), at: now)
        }
        return effects + assign(at: now)
    }

    private mutating func ticked(at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        if let due = autoAt, due <= now {
            autoAt = nil
            effects += assign(at: now)
        }
        if let due = predecessors?.nextDeadline, due <= now {
            effects += predecessors?.ticked(at: now) ?? []
            effects += goOnAfterPredecessors(at: now)
        }
        for app in apps {
            if let due = app.machine.nextDeadline, due <= now { effects += tell(app.name, .tick, at: now) }
        }
        return effects + settle(at: now)
    }

    private mutating func surveyed(_ remaining: Int, at now: Instant) -> [Effect] {
        predecessors?.surveyed(remaining, at: now)
        return goOnAfterPredecessors(at: now)
    }

    private mutating func goOnAfterPredecessors(at now: Instant) -> [Effect] {
        guard predecessors?.isOver == true else { return [] }
        predecessors = nil
        return stop == nil ? begin(at: now) : exitIfAllStopped()
    }
}

/// One app of ``UpSupervisor``.
package struct UpApp: Sendable {
    package let name: String
    package fileprivate(set) var machine: AppMachine
    fileprivate let identity: AppIdentity
    fileprivate let ruleName: String?
    fileprivate let fixedRule: IngressRule?
    /// For an automatic app: the name of the rule that it is served by; nil once that rule is gone.
    fileprivate var boundRule: String?
    fileprivate let isAutomatic: Bool
    /// A launch that was asked for and has not been answered.
    fileprivate var pendingLaunch: IngressRule?
    /// A launch that waits for an app of ours to give the port up.
    fileprivate var heldLaunch: IngressRule?
    fileprivate var lastComplaint: String?
    /// Whether it was ever started: before that, its port may be somebody else's.
    fileprivate var hasRun = false

    /// The port that it holds, or is about to.
    fileprivate var port: UInt16? { pendingLaunch?.port ?? machine.servedRule?.port }
    /// Whether it has a process, or is about to.
    fileprivate var isRunning: Bool { pendingLaunch != nil || machine.pid != nil }
}

// MARK: - Apps

extension UpSupervisor {
    private mutating func open(_ definition: AppDefinition, named name: String, rule: String?) {
        var policy = definition.policy
        policy.name = name
        apps.append(
            UpApp(
                name: name,
                // Each with a jitter of its own.
                machine: AppMachine(policy: policy, seed: seed &+ UInt64(apps.count)),
                identity: definition.app.identity,
                ruleName: definition.ruleName,
                fixedRule: definition.fixedRule,
                boundRule: rule,
                isAutomatic: rule != nil
            )
        )
    }

    private func index(of name: String) -> Int? { apps.firstIndex { $0.name == name } }

    /// Hands an event to an app, and turns its effects into ours.
    private mutating func tell(_ name: String, _ event: AppEvent, at now: Instant) -> [Effect] {
        guard let index = index(of: name) else { return [] }
        switch event {
        case .launched:
            apps[index].pendingLaunch = nil
            apps[index].hasRun = true
        case .launchFailed: apps[index].pendingLaunch = nil
        default: break
        }
        return apps[index].machine.handle(event, at: now).flatMap { effect -> [Effect] in
            switch effect {
            case .log(let entry): [.log(entry)]
            case .launch(let rule): launch(name, rule, at: now)
            case .ended: []
            default: [.app(name, effect)]
            }
        }
    }

    /// Beside a job, where somebody took the port after we had looked: it is theirs. Nil where that is not what happened;
    /// an app that ran before waits for its port, which may be held by what it has left behind itself.
    private mutating func giveWay(_ name: String, after event: AppEvent) -> [Effect]? {
        guard case .launchFailed(.portBusy(_, let holder)) = event, options.jobStartedAt != nil,
            let index = index(of: name), apps[index].isAutomatic, !apps[index].hasRun
        else { return nil }
        let app = apps.remove(at: index)
        guard let rule = app.machine.rule else { return [.close(app: name)] }
        return [.close(app: name)] + becameExternal(rule, holder: holder)
    }

    /// Starts an app, unless another one of ours is about to give up its port: then after that.
    private mutating func launch(_ name: String, _ rule: IngressRule, at now: Instant) -> [Effect] {
        guard let index = index(of: name) else { return [] }
        guard let owner = owner(of: rule.port, but: name) else {
            apps[index].pendingLaunch = rule
            return [.app(name, .launch(rule))]
        }
        guard owner.machine.state == .stopping || owner.machine.rule == nil else {
            return tell(name, .launchFailed(.portBusy(port: rule.port, holder: owner.name)), at: now)
        }
        apps[index].heldLaunch = rule
        return []
    }

    /// A launch is held as long as an app of ours is about to give up its port; then it is an ordinary port in use.
    private mutating func wait(_ name: String, for owner: UpApp, at now: Instant) -> [Effect] {
        if owner.machine.rule == nil { return tell(owner.name, .portWanted(by: name), at: now) }
        guard owner.machine.state != .stopping, let index = index(of: name), let rule = apps[index].heldLaunch else {
            return []
        }
        apps[index].heldLaunch = nil
        return tell(name, .launchFailed(.portBusy(port: rule.port, holder: owner.name)), at: now)
    }

    /// The app that holds a port.
    private func owner(of port: UInt16, but name: String?) -> UpApp? {
        apps.first { $0.name != name && $0.port == port }
    }

    /// After every event: launches that waited for a port go on, and what is over is put away.
    private mutating func settle(at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        // An automatic app is there for its rule; one that still runs without it is left in peace.
        for app in apps where app.isAutomatic && app.boundRule == nil && !app.isRunning && stop == nil {
            effects.append(.close(app: app.name))
            apps.removeAll { $0.name == app.name }
        }
        for app in apps {
            guard let rule = app.heldLaunch, let index = index(of: app.name) else { continue }
            if app.machine.state != .starting {
                apps[index].heldLaunch = nil
            } else if let owner = owner(of: rule.port, but: app.name) {
                effects += wait(app.name, for: owner, at: now)
            } else {
                apps[index].heldLaunch = nil
                apps[index].pendingLaunch = rule
                // The rule may have changed, or gone, meanwhile: the app follows once it is started.
                effects.append(.app(app.name, .launch(rule)))
            }
        }
        return effects + exitIfAllStopped()
    }
}

// MARK: - Rules

extension UpSupervisor {
    private mutating func read(_ reading: RulesReading, at now: Instant) -> [Effect] {
        guard stop == nil else { return [] }
        switch reading {
        case .failed(let failure):
            return complain(
                hasReadRules ? "\(failure.summary); the rules stay as they were" : failure.message,
                then: hasReadRules ? nil : "waiting for that to change"
            )
        case .read(_, let complaints) where hasReadRules && !complaints.isEmpty:
            return say(complaints + ["the annotations file is incomplete; the rules stay as they were"])
        case .read(let new, let complaints):
            lastComplaint = nil
            hasReadRules = complaints.isEmpty
            rules = new
            return say(complaints + new.problems.map(\.message)) + assign(at: now) + settle(at: now)
        }
    }

    /// One line for each problem that the last reading did not have.
    private mutating func say(_ problems: [String]) -> [Effect] {
        let new = problems.filter { !saidProblems.contains($0) }
        saidProblems = Set(problems)
        return new.map { .log(LogEntry(.warning, $0)) }
    }

    private mutating func complain(_ message: String, then more: String?) -> [Effect] {
        guard message != lastComplaint else { return [] }
        lastComplaint = message
        return [.log(LogEntry(.warning, message))] + (more.map { [.log(LogEntry(.info, $0))] } ?? [])
    }

    /// Gives every app its rule, and every rule of an automatic app its app.
    private mutating func assign(at now: Instant) -> [Effect] {
        guard let rules, stop == nil, predecessors == nil else { return [] }
        var effects: [Effect] = []
        var taken: Set<String> = []
        for app in apps where !app.isAutomatic && app.fixedRule == nil {
            let selection = RuleSelection.choose(for: app.identity, in: rules, named: app.ruleName)
            let (rule, complaint) = choose(selection, for: app)
            if let rule { taken.insert(rule.name) }
            effects += say(complaint, about: app.name)
            effects += changeRule(of: app.name, to: rule, at: now)
        }
        guard !options.automatic.isEmpty else { return effects }
        let candidates = (rules.rules + [rules.labelRule].compactMap { $0 }).filter { !taken.contains($0.name) }
        return effects + assignAutomatic(candidates, at: now)
    }

    private func choose(_ selection: RuleSelection, for app: UpApp) -> (rule: IngressRule?, complaint: String?) {
        switch selection {
        case .found(let rule): return (rule, nil)
        case .none:
            guard app.machine.rule == nil, app.machine.pid == nil else { return (nil, nil) }
            let wanted = app.ruleName ?? app.identity.ruleNames.joined(separator: " or ")
            return (nil, "\(app.name): waiting for an ingress rule named \(wanted)")
        case .ambiguous(let candidates):
            // A second candidate must not take the app away from the rule that it is served by.
            let current = (app.machine.rule ?? app.machine.servedRule)?.address
            if let rule = candidates.first(where: { $0.address == current }) { return (rule, nil) }
            return (nil, selection.failureMessage(for: app.name))
        case .unusable(let problem):
            // Said already, with the other problems.
            return (
                nil, app.machine.pid == nil ? "\(app.name): waiting for its rule \(problem.ruleName) to be mended" : nil
            )
        }
    }

    private mutating func say(_ complaint: String?, about name: String) -> [Effect] {
        guard let index = index(of: name), complaint != apps[index].lastComplaint else { return [] }
        apps[index].lastComplaint = complaint
        return complaint.map { [.log(LogEntry(.info, $0))] } ?? []
    }

    private mutating func changeRule(of name: String, to rule: IngressRule?, at now: Instant) -> [Effect] {
        guard let index = index(of: name) else { return [] }
        let new = rule?.reachable(at: options.publicHost)
        return new == apps[index].machine.rule ? [] : tell(name, .ruleChanged(new), at: now)
    }
}

// MARK: - Automatic apps

extension UpSupervisor {
    /// The automatic app that a rule's name calls for.
    private func definition(for rule: IngressRule) -> Int? {
        options.automatic.firstIndex { $0.app.identity.ruleNames.contains(rule.name) }
    }

    private mutating func assignAutomatic(_ candidates: [IngressRule], at now: Instant) -> [Effect] {
        let wanted = candidates.filter { definition(for: $0) != nil }
        var effects: [Effect] = []
        // Rules that are gone first: what they leave free may serve a rule that is new.
        for app in apps where app.isAutomatic {
            if let bound = app.boundRule, !wanted.contains(where: { $0.name == bound }) {
                guard let index = index(of: app.name) else { continue }
                apps[index].boundRule = nil
                effects += tell(app.name, .ruleChanged(nil), at: now)
            }
        }
        looking = looking.filter { name, rule in wanted.contains { $0.name == name && $0.address == rule.address } }
        external = external.filter { name, rule in wanted.contains { $0.name == name && $0.address == rule.address } }
        for rule in wanted {
            if let app = apps.first(where: { $0.boundRule == rule.name }) {
                effects += changeRule(of: app.name, to: rule, at: now)
            } else if external[rule.name] == nil, looking[rule.name] == nil {
                effects += place(rule, at: now)
            }
        }
        return effects
    }

    /// Finds an app for a rule that has none: one whose rule is gone, or a new one once the port may be had.
    private mutating func place(_ rule: IngressRule, at now: Instant) -> [Effect] {
        guard let number = definition(for: rule) else { return [] }
        let identity = options.automatic[number].app.identity
        let orphan = apps.firstIndex { app in
            app.isAutomatic && app.boundRule == nil && app.identity == identity
                && app.machine.state != .failed
        }
        if let orphan {
            let name = apps[orphan].name
            apps[orphan].boundRule = rule.name
            return [.log(LogEntry(.info, "\(name): served by the ingress rule \(rule.name) now"))]
                + changeRule(of: name, to: rule, at: now)
        }
        guard options.jobStartedAt != nil, owner(of: rule.port, but: nil) == nil else {
            return openAutomatic(rule, at: now)
        }
        guard autoAt == nil else { return [] }
        looking[rule.name] = rule
        return [.lookAtPort(rule)]
    }

    private mutating func looked(_ name: String, _ look: PortLook, at now: Instant) -> [Effect] {
        guard let rule = looking.removeValue(forKey: name), stop == nil else { return [] }
        switch look {
        case .free: return openAutomatic(rule, at: now)
        case .taken(let holder): return becameExternal(rule, holder: holder)
        }
    }

    private mutating func becameExternal(_ rule: IngressRule, holder: String?) -> [Effect] {
        external[rule.name] = rule
        let who = holder ?? "somebody who cannot be seen from here"
        let message = "\(rule.name): port \(rule.port) is served by \(who), not by crater-run: left alone"
        return [.log(LogEntry(.info, message))]
    }

    private mutating func openAutomatic(_ rule: IngressRule, at now: Instant) -> [Effect] {
        guard let number = definition(for: rule) else { return [] }
        let definition = options.automatic[number]
        let name = freeName([definition.name, rule.name], otherwise: definition.name)
        open(definition, named: name, rule: rule.name)
        return [.open(app: name, definition: number)] + changeRule(of: name, to: rule, at: now)
    }

    private func freeName(_ names: [String], otherwise base: String) -> String {
        if let name = names.first(where: { index(of: $0) == nil }) { return name }
        return (2...(apps.count + 2)).map { "\(base)-\($0)" }.first { index(of: $0) == nil } ?? base
    }
}

// MARK: - Stopping

extension UpSupervisor {
    private mutating func received(_ signal: Signal, at now: Instant) -> [Effect] {
        switch signal {
        case .terminate, .interrupt, .hangup, .quit:
            guard let first = stop else {
                return [.log(LogEntry(.info, "\(signal) received"))] + beginStop(signal, at: now)
            }
            // timeout(1) and others send one signal twice; a terminal that closes sends SIGHUP beside its shell's.
            let isEcho = signal == first.signal && first.at.duration(to: now) < UpSupervisor.echo
            guard !isEcho, signal != .hangup else { return [] }
            var effects: [Effect] = [.log(LogEntry(.info, "\(signal) received while stopping"))]
            if predecessors != nil { effects.append(.killPredecessors) }
            for app in apps { effects += tell(app.name, .killRequested, at: now) }
            return effects + settle(at: now)
        case .terminalStop:
            guard !options.isProcessOne else { return [] }
            return apps.filter { $0.machine.pid != nil }.map { .app($0.name, .signal(.stop, .group)) } + [.suspend]
        case .resume:
            return apps.filter { $0.machine.pid != nil }.map { .app($0.name, .signal(.resume, .group)) }
        default:
            // Which of several apps it is for nobody can tell.
            return []
        }
    }

    private mutating func beginStop(_ signal: Signal, at now: Instant) -> [Effect] {
        guard stop == nil else { return [] }
        stop = (signal, now)
        autoAt = nil
        looking = [:]
        var effects: [Effect] = []
        for app in apps { effects += tell(app.name, .stopRequested(isShutdown: true), at: now) }
        return effects + settle(at: now)
    }

    private func exitIfAllStopped() -> [Effect] {
        guard let stop, predecessors == nil,
            apps.allSatisfy({ [.stopped, .failed].contains($0.machine.state) })
        else { return [] }
        return [.exit(128 + stop.signal.number)]
    }
}
