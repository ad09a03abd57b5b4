/// Looks after all apps of `crater-run up`: gives each its rule, opens one for each rule of an automatic app, and keeps them
/// out of each other's way. Events in, effects out.
package struct UpSupervisor: AppsSupervisor {
    /// How soon after the first a second, equal signal is the same request once more, and no impatience.
    static let echo = Duration.milliseconds(100)

    package let options: UpOptions
    /// In the order in which they were opened.
    package internal(set) var apps: [UpApp] = []
    /// Automatic rules whose port is not to be had, because somebody who is not ours listens there: by name.
    package internal(set) var external: [String: IngressRule] = [:]
    /// What was asked for and cannot be had; a hand-over of the same name takes its place.
    var unusable: [UnusableApp]
    let seed: UInt64

    /// The rules that were last read.
    var rules: IngressRules?
    /// How often they changed.
    var ruleReloads = 0
    /// What is wrong with the annotations file, or why it cannot be read.
    var fileComplaint: String?
    /// Why the file will stay as it is, if it will.
    var neverChanges: String?
    /// Whether the annotations file was once whole: from then on nothing less replaces what was read.
    var hasReadRules = false
    /// The problems of the last reading, so that each is said once.
    var saidProblems: Set<String> = []
    var lastComplaint: String?
    /// Automatic rules whose port is being looked at: by name.
    var looking: [String: IngressRule] = [:]
    /// When the rules are to be gone through again, since the job's time is over.
    var autoAt: Instant?
    /// The rules of which it was said that they have to wait.
    var saidDelayed: Set<String> = []
    var predecessors: PredecessorStop?
    /// Apps that are not to be started before a user asks for it: by name.
    var leftOut: Set<String>
    /// The signal that asked for the stop, and when; SIGTERM where the init role is gone.
    var stop: (signal: Signal, at: Instant)?

    package init(options: UpOptions, seed: UInt64) {
        self.options = options
        self.seed = seed
        leftOut = options.leftOut
        unusable = options.unusable
    }

    package var isIdle: Bool { apps.allSatisfy { $0.machine.pid == nil } && predecessors == nil }

    package var nextDeadline: Instant? {
        (apps.map(\.machine.nextDeadline) + [autoAt, predecessors?.nextDeadline]).compactMap { $0 }.min()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        switch event {
        case .started: return started(at: now)
        case .rules(let reading): return read(reading, at: now)
        case .rulesNeverChange(let why):
            neverChanges = why
            return []
        case .signal(let signal): return received(signal, at: now)
        case .initIsGone:
            return [.log(LogEntry(.warning, "the process that looks after the job is gone: stopping"))]
                + beginStop(.terminate, at: now)
        case .app(let name, let event):
            return (giveWay(name, after: event) ?? tell(name, event, at: now)) + settle(at: now)
        case .portLooked(let rule, let look): return looked(rule, look, at: now) + settle(at: now)
        case .predecessors(let remaining): return surveyed(remaining, at: now)
        case .command(let command, let number): return follow(command, number: number, at: now) + settle(at: now)
        case .tick: return ticked(at: now)
        }
    }

    mutating func started(at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        for definition in options.apps {
            open(definition, named: definition.name, rule: nil)
            effects += leaveOut(definition.name, at: now)
        }
        if let due = options.jobStartedAt?.advanced(by: options.autoDelay), due > now { autoAt = due }
        guard options.followsAnother else { return effects + begin(at: now) }
        var signals: [String: Signal] = [:]
        for definition in options.automatic + options.apps {
            for name in [definition.name] + definition.app.identity.ruleNames {
                signals[name] = definition.policy.stopSignal
            }
        }
        predecessors = PredecessorStop(startedAt: now)
        return effects + [.stopPredecessors(signals), .surveyPredecessors]
    }

    /// The apps that need no rules begin at once, the others with what has been read.
    mutating func begin(at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        for app in apps {
            guard let rule = app.fixedRule else { continue }
            effects += tell(app.name, .ruleChanged(rule), at: now)
        }
        return effects + assign(at: now)
    }

    mutating func ticked(at now: Instant) -> [Effect] {
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

    mutating func surveyed(_ remaining: Int, at now: Instant) -> [Effect] {
        predecessors?.surveyed(remaining, at: now)
        return goOnAfterPredecessors(at: now)
    }

    mutating func goOnAfterPredecessors(at now: Instant) -> [Effect] {
        guard predecessors?.isOver == true else { return [] }
        predecessors = nil
        return stop == nil ? begin(at: now) : exitIfAllStopped()
    }
}

extension UpSupervisor {
    mutating func open(_ definition: AppDefinition, named name: String, rule: String?) {
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

    /// The hang may have been this app's fault, and is to cost no other app.
    mutating func leaveOut(_ name: String, at now: Instant) -> [Effect] {
        guard leftOut.contains(name) else { return [] }
        return tell(
            name, .leftOut(reason: "the supervisor hung more than once while the app was being started"), at: now)
    }

    func index(of name: String) -> Int? { apps.firstIndex { $0.name == name } }

    /// Hands an event to an app, and turns its effects into ours.
    mutating func tell(_ name: String, _ event: AppEvent, at now: Instant) -> [Effect] {
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
            case .abandonLaunch: abandonLaunch(name)
            case .ended: []
            default: [.app(name, effect)]
            }
        }
    }

    /// Beside a job, where somebody took the port after we had looked: it is theirs. Nil where that is not what happened;
    /// an app that ran before waits for its port, which may be held by what it has left behind itself.
    mutating func giveWay(_ name: String, after event: AppEvent) -> [Effect]? {
        guard case .launchFailed(.portBusy(_, let holder)) = event, options.jobStartedAt != nil,
            let index = index(of: name), apps[index].isAutomatic, !apps[index].hasRun
        else { return nil }
        let app = apps.remove(at: index)
        guard let rule = app.machine.rule else { return [.close(app: name)] }
        return [.close(app: name)] + becameExternal(rule, holder: holder)
    }

    /// Starts an app, unless another one of ours is about to give up its port: then after that.
    mutating func launch(_ name: String, _ rule: IngressRule, at now: Instant) -> [Effect] {
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

    /// A launch that is held has not begun, so there is nothing to abandon but the wish.
    private mutating func abandonLaunch(_ name: String) -> [Effect] {
        guard let index = index(of: name) else { return [] }
        let isHeld = apps[index].heldLaunch != nil
        apps[index].heldLaunch = nil
        apps[index].pendingLaunch = nil
        return isHeld ? [] : [.app(name, .abandonLaunch)]
    }

    /// A launch is held as long as an app of ours is about to give up its port; then it is an ordinary port in use.
    mutating func wait(_ name: String, for owner: UpApp, at now: Instant) -> [Effect] {
        if owner.machine.rule == nil { return tell(owner.name, .portWanted(by: name), at: now) }
        guard owner.machine.state != .stopping, let index = index(of: name), let rule = apps[index].heldLaunch else {
            return []
        }
        apps[index].heldLaunch = nil
        return tell(name, .launchFailed(.portBusy(port: rule.port, holder: owner.name)), at: now)
    }

    /// The app that holds a port.
    func owner(of port: UInt16, but name: String?) -> UpApp? {
        apps.first { $0.name != name && $0.port == port }
    }

    /// After every event: launches that waited for a port go on, and what is over is put away.
    mutating func settle(at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        // An automatic app is there for its rule; one that still runs without it is left in peace, and one that a user has
        // stopped is remembered as stopped.
        for app in apps
        where app.isAutomatic && app.boundRule == nil && !app.isRunning && !app.machine.isStoppedByRequest
            && stop == nil
        {
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
                effects.append(.app(app.name, .launch(rule)))
            }
        }
        return effects + exitIfAllStopped()
    }
}
