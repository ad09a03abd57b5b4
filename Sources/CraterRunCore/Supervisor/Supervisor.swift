/// Looks after all apps of one crater-run: gives each app its rule, opens an app for each rule of an automatic app, and
/// keeps two apps from using one port. In the foreground, the supervisor has one app, may limit how long it waits for
/// the app's rule, and derives the exit code from how the app ended. The supervisor takes events and returns effects.
package struct Supervisor: Sendable {
    package internal(set) var options: SupervisorOptions
    /// The apps, in the order in which they were opened.
    package internal(set) var apps: [SupervisedApp] = []
    package internal(set) var automatic: AutomaticRules
    /// The apps whose lines cannot be used. An app that a user hands over with the same name takes such an app's place.
    var unusable: [UnusableApp]
    /// The names of the apps that the supervisor does not start before a user asks for the start.
    var leftOut: Set<String>
    var keeper = RulesKeeper()
    /// Ends the processes that an earlier supervisor left behind. No app is started before this is over: its processes
    /// would be taken for theirs. But the front door serves already. Nil once this is over, or if there was no earlier
    /// supervisor.
    var predecessors: PredecessorStop?
    var stop: StopRequest?
    var door: DoorKeeper
    /// Nil if no home page may be opened.
    var home: HomeKeeper?
    /// In the foreground: when the supervisor began to wait for the app's first rule. Nil once the app has had a rule
    /// or crater-run stops, and if the app has a fixed rule.
    var waitsSince: MonotonicInstant?
    let seed: UInt64

    package init(options: SupervisorOptions, seed: UInt64) {
        self.options = options
        self.seed = seed
        automatic = AutomaticRules(definitions: options.automatic)
        leftOut = options.leftOut
        home = options.home.map { HomeKeeper($0, seed: seed) }
        door = DoorKeeper(inherited: options.openPorts, seed: seed)
        unusable = options.unusable
        for definition in options.apps { open(definition, named: definition.name, claim: RuleClaim(of: definition)) }
    }

    /// Whether no app has a process, and no process of an earlier supervisor is left. An idle supervisor waits for
    /// hardly anything except a signal or a change of the rules.
    package var isIdle: Bool { apps.allSatisfy { $0.machine.pid == nil } && predecessors == nil }

    /// When the next ``SupervisorEvent/tick`` is due; nil if none is.
    package var nextDeadline: MonotonicInstant? {
        (apps.map(\.machine.nextDeadline)
            + [automatic.startAt, predecessors?.nextDeadline, waitDeadline, door.nextDeadline, home?.nextDeadline]
            + [sleepDeadline])
            .compactMap { $0 }.min()
    }

    /// Handles an event, and returns its effects in order.
    package mutating func handle(_ event: SupervisorEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        let effects = react(to: event, at: now)
        if effects.contains(where: \.isExit) { return effects }
        return settleDoor(at: now) + effects + announceReadiness(at: now) + tellLinks() + tellHomeLink()
    }

    private mutating func react(to event: SupervisorEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        switch event {
        case .started: return started(at: now)
        case .rules(let reading): return read(reading, at: now)
        case .rulesNeverChange(let why):
            keeper.neverChanges = why
            return []
        case .signal(let signal): return received(signal, at: now)
        case .jobEnded(let end):
            options.jobEnd = end
            return []
        case .initIsGone:
            return [.log(LogEntry(.warning, "the process that looks after the job is gone: stopping"))]
                + beginStop(.terminate, at: now)
        case .app(let name, let event):
            return (giveWay(name, after: event) ?? tell(name, event, at: now)) + settle(at: now)
        case .door(let event): return follow(event, at: now) + settle(at: now)
        case .login(let name, let key): return took(key, of: name)
        case .homeLogin(let key): return tookHomeKey(key)
        case .homeLoginFailed(let failure): return homeLoginFailed(failure, at: now)
        case .entrance(let name, let link):
            if let index = index(of: name) { apps[index].secretQuery = link.firstIndex(of: "?").map { link[$0...] } }
            return []
        case .activity(let name, let number, let activity):
            return answered(activity, of: name, to: number, at: now) + settle(at: now)
        case .offers(let installed):
            home?.found(installed, at: now)
            return []
        case .output(let name, let lines): return wrote(lines, by: name)
        case .portChecked(let rule, let finding): return portChecked(rule, finding, at: now) + settle(at: now)
        case .predecessors(let remaining):
            predecessors?.surveyed(remaining, at: now)
            return goOnAfterPredecessors(at: now) + settle(at: now)
        case .command(let command, let number): return follow(command, number: number, at: now) + settle(at: now)
        case .tick: return ticked(at: now)
        }
    }

    private mutating func started(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for app in apps { effects += leaveOut(app.name, at: now) }
        if options.foreground != nil, apps.contains(where: { $0.fixedRule == nil }) { waitsSince = now }
        if let due = options.jobStartedAt?.advanced(by: options.autoDelay), due > now { automatic.startAt = due }
        guard options.followsAnother else { return effects + begin(at: now) }
        var signals: [String: Signal] = [:]
        for definition in (home?.options.offers ?? []) + options.automatic + options.apps {
            for name in [definition.name] + definition.app.identity.ruleNames {
                signals[name] = definition.policy.stopSignal
            }
        }
        predecessors = PredecessorStop(startedAt: now)
        return effects + [.stopPredecessors(signals), .surveyPredecessors] + begin(at: now)
    }

    /// Starts the apps that have a fixed rule, and gives the others their rules if these have been read.
    private mutating func begin(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for app in apps {
            if let rule = app.fixedRule { effects += tell(app.name, .ruleChanged(rule), at: now) }
        }
        return effects + assign(at: now)
    }

    private mutating func ticked(at now: MonotonicInstant) -> [SupervisorEffect] {
        if let due = waitDeadline, due <= now { return waitedTooLong() }
        var effects: [SupervisorEffect] = []
        if let due = automatic.startAt, due <= now {
            automatic.startAt = nil
            effects += assign(at: now)
        }
        if let due = predecessors?.nextDeadline, due <= now {
            effects += predecessors?.ticked(at: now) ?? []
            effects += goOnAfterPredecessors(at: now)
        }
        if let due = door.nextDeadline, due <= now { effects += door.ticked(at: now) }
        effects += home?.ticked(at: now) ?? []
        for app in apps {
            if let due = app.machine.nextDeadline, due <= now { effects += tell(app.name, .tick, at: now) }
        }
        return effects + settleSleep(at: now) + settle(at: now)
    }

    private mutating func goOnAfterPredecessors(at now: MonotonicInstant) -> [SupervisorEffect] {
        guard predecessors?.isOver == true else { return [] }
        predecessors = nil
        return assign(at: now)
    }

    /// Follows up an event: serves apps that wait below the home page, closes automatic apps that are no longer needed,
    /// keeps two apps from one address, goes on with launches that waited for a port, and exits if all apps have been
    /// stopped.
    mutating func settle(at now: MonotonicInstant) -> [SupervisorEffect] {
        takeBelowHome(at: now) + wantHomePort(at: now) + closeOrphans() + settleAddresses(at: now)
            + settleLaunches(at: now)
            + exitIfAllStopped()
    }
}

// MARK: - Apps

extension Supervisor {
    mutating func open(_ definition: AppDefinition, named name: String, claim: RuleClaim) {
        // Each app has a jitter of its own.
        let seed = seed &+ UInt64(apps.count)
        apps.append(SupervisedApp(definition, named: name, claim: claim, seed: seed))
    }

    mutating func close(_ name: String) -> SupervisorEffect {
        apps.removeAll { $0.name == name }
        return .close(app: name)
    }

    /// Does not start an app if earlier supervisors hung while they were starting the app. The app may have caused the
    /// hang, and another hang would harm the other apps.
    mutating func leaveOut(_ name: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard leftOut.contains(name) else { return [] }
        return tell(
            name, .leftOut(reason: "the supervisor hung more than once while the app was being started"), at: now)
    }

    /// Asks for the output of an app, if the front door shows it to those who log in: on the home page, or in place of
    /// an app that is not ready.
    private func readOutput(of name: String) -> [SupervisorEffect] {
        guard let app = apps.first(where: { $0.name == name }) else { return [] }
        let isShown = home?.rule != nil || app.door?.hasLogin ?? false && app.machine.state != .ready
        guard isShown else { return [] }
        return [.app(name, .readOutput)]
    }

    private func key(of name: String) -> LoginKey? { index(of: name).flatMap { apps[$0].key } }

    func index(of name: String) -> Int? { apps.firstIndex { $0.name == name } }

    /// The first of these names that no app has; if all are taken, `base` with a number.
    func freeName(_ names: [String], otherwise base: String) -> String {
        func isFree(_ name: String) -> Bool { index(of: name) == nil && !unusable.contains { $0.name == name } }
        if let name = names.first(where: isFree) { return name }
        return (2...(apps.count + unusable.count + 2)).map { "\(base)-\($0)" }.first(where: isFree) ?? base
    }

    /// Hands an event to an app, and turns the app's effects into the supervisor's.
    mutating func tell(_ name: String, _ event: AppEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        switch event {
        case .launched:
            apps[index].launch = nil
            apps[index].hasRun = true
            apps[index].secretQuery = nil
        case .launchFailed(let failure):
            apps[index].launch = nil
            if let lock = failure.lock { apps[index].lock = lock }
        case .lastWords(let lines): apps[index].lines = lines
        default: break
        }
        let former = apps[index].machine.state
        let effects = apps[index].machine.handle(event, at: now)
        let state = apps[index].machine.state
        apps[index].sleep?.follow(state, at: now)
        return perform(announceLater(effects, of: index, former: former), of: name, at: now)
    }

    /// Turns an app's effects into the supervisor's.
    mutating func perform(_ effects: [AppEffect], of name: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        effects.flatMap { effect -> [SupervisorEffect] in
            switch effect {
            case .log(let entry): [.log(entry)]
            case .ended(let end): options.foreground == nil ? [] : [.exit(exitCode(after: end))]
            case .act(.launch(let rule)): launch(name, rule, at: now)
            case .act(.abandonLaunch): abandonLaunch(name)
            case .act(.readBack(let place)): [.app(name, .readBack(place.with(key: key(of: name))))]
            case .act(.check(let backend, let isAttributing)):
                [.app(name, .check(backend, attributing: isAttributing))] + readOutput(of: name)
            case .act(let action): [.app(name, action)]
            }
        }
    }
}
