// The front door: what it serves, and what becomes of it.

extension Supervisor {
    mutating func follow(_ event: DoorEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        switch event {
        case .listening(let port): return door.listening(port)
        case .listenFailed(let port, let failure): return listenFailed(port, failure, at: now)
        case .started(let pid): return door.started(pid, at: now)
        case .startFailed(let reason): return door.startFailed(reason, at: now)
        case .ended(let status): return door.ended(status, at: now)
        case .said(.command(let app, let verb)): return follow(verb, of: app, at: now)
        case .said(.activity(let changes)):
            return used(changes, at: now) + door.said(.activity(changes), at: now)
        case .said(let reply): return door.said(reply, at: now)
        case .observed(let standing): return door.observed(standing, at: now)
        case .linkFailed(let why): return door.linkFailed(why, at: now)
        }
    }

    /// The launches that wait for the port fail, as they do at a port that the app itself cannot take. An app that runs
    /// goes on, out of reach.
    private mutating func listenFailed(
        _ port: UInt16, _ failure: LaunchFailure, at now: MonotonicInstant
    ) -> [SupervisorEffect] {
        let isNew = door.listenFailed(port, failure, at: now)
        var effects: [SupervisorEffect] = []
        if isNew, home?.rule?.port == port {
            let message =
                "home: cannot be opened: \(failure.reason); trying again until the front door can listen there"
            effects.append(.log(LogEntry(.warning, message)))
        }
        for app in apps where app.door != nil {
            if app.heldLaunch?.port == port {
                let event = AppEvent.launchFailed(failure)
                effects += giveWay(app.name, after: event) ?? tell(app.name, event, at: now)
            } else if isNew, app.machine.pid != nil, app.doorRule?.port == port {
                let message =
                    "\(app.name): out of reach from outside: \(failure.reason); trying again until the front door can listen there"
                effects.append(.log(LogEntry(.warning, message, of: LogSubject(app: app.name))))
            }
        }
        return effects
    }

    /// Launches an app behind the door, once the door's port is open.
    mutating func launchBehindDoor(
        _ name: String, _ rule: IngressRule, at now: MonotonicInstant
    ) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        apps[index].isReleased = false
        if let other = appServed(at: rule, but: name) {
            guard other.machine.state == .stopping else {
                return tell(name, .launchFailed(.portBusy(port: rule.port, holder: other.name)), at: now)
            }
            apps[index].launch = .held(rule)
            return []
        }
        guard door.listeners[rule.port]?.isOpen ?? false else {
            apps[index].launch = .held(rule)
            return door.retry(rule.port)
        }
        apps[index].launch = .underWay(rule)
        return [.app(name, .launch(rule))]
    }

    /// The app that is served through the door at a port. The app named `name` does not count.
    func appBehindDoor(at port: UInt16, but name: String) -> SupervisedApp? {
        apps.first { $0.name != name && $0.door != nil && $0.doorRule?.port == port }
    }

    /// The app that runs, or is about to, and is served through the door at the address of this rule. The app named `name`
    /// does not count.
    private func appServed(at rule: IngressRule, but name: String) -> SupervisedApp? {
        apps.first { $0.name != name && $0.isRunning && $0.isBehindDoor(at: rule) }
    }

    /// Stops an app whose rule has got the address of another app that runs: the app waits for the address, as an app
    /// without a door waits for its port. The app that has had the address before keeps it.
    mutating func settleAddresses(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for app in apps where app.machine.pid != nil && app.machine.state != .stopping {
            guard let rule = app.doorRule, let other = appServed(at: rule, but: app.name) else { continue }
            let isFirst = apps.first { $0.name == app.name || $0.name == other.name }?.name == app.name
            guard wasServed(other, at: rule) || !wasServed(app, at: rule) && !isFirst else { continue }
            effects += tell(app.name, .portWanted(by: other.name), at: now)
        }
        return effects
    }

    /// Whether the door has served the app at this address until now.
    private func wasServed(_ app: SupervisedApp, at rule: IngressRule) -> Bool {
        door.routes.routes.contains { $0.app == app.name && $0.port == rule.port && $0.prefix == rule.prefix }
    }

    /// The last lines of the app's output.
    mutating func wrote(_ lines: [String], by name: String) -> [SupervisorEffect] {
        if let index = index(of: name), !lines.isEmpty { apps[index].lines = lines }
        return []
    }

    /// The app's login has this key from now on.
    mutating func took(_ key: LoginKey, of name: String) -> [SupervisorEffect] {
        // A key of the app's own may come after the app has moved below the home page, which has another key.
        guard let index = index(of: name), apps[index].door?.hasLogin ?? false, !apps[index].isBelowHome,
            apps[index].key != key
        else { return [] }
        apps[index].key = key
        apps[index].login = DoorLogin(key: key.text.utf8)
        return []
    }

    /// Follows up an event: the door serves what the apps are now.
    mutating func settleDoor(at now: MonotonicInstant) -> [SupervisorEffect] {
        let served = apps.filter { $0.door != nil }
        guard !served.isEmpty || door.isUsed || home?.rule != nil else { return [] }
        // One app at an address: one that runs in place of one that stops or has stopped.
        let shown = served.filter { app in
            guard let rule = app.doorRule else { return false }
            return served.filter { $0.isBehindDoor(at: rule) }.max { $0.presence < $1.presence }?.name == app.name
        }
        let routes = shown.compactMap { route(of: $0, at: now) } + [homeRoute(at: now)].compactMap { $0 }
        guard predecessors != nil else {
            let ports = Set(served.compactMap { $0.doorRule?.port } + [home?.rule?.port].compactMap { $0 })
            return door.want(ports: ports, routes: routes, areAllKnown: keeper.rules != nil, at: now)
        }
        // The processes of the earlier supervisor may still have the other ports. Connections to a port without a route
        // wait until there is one, and so do those to an app whose key is still read.
        let ready = routes.filter { $0.lock == nil }
        let ports = Set(ready.map(\.port)).filter(door.knows)
        return door.want(ports: ports, routes: ready, areAllKnown: false, at: now)
    }

    private func route(of app: SupervisedApp, at now: MonotonicInstant) -> DoorRoute? {
        guard let use = app.door, let rule = app.doorRule else { return nil }
        // A process that was started for another prefix does not know this one.
        let place = app.machine.place.flatMap {
            use.strips && !use.writesPrefix || $0.outside.prefix == rule.prefix ? $0 : nil
        }
        return DoorRoute(
            app: app.name, port: rule.port, prefix: rule.prefix, backend: place?.backend.listener,
            strips: use.strips, login: app.login,
            lock: use.hasLogin && app.login == nil ? (app.isBelowHome ? home?.lock : nil) ?? app.lock : nil,
            state: doorState(of: app, at: now),
            loginPlace: app.isBelowHome ? home?.place : nil, polls: app.machine.policy.polls)
    }

    func doorState(of app: SupervisedApp, at now: MonotonicInstant) -> DoorAppState {
        let machine = app.machine
        let clock = options.clock
        return DoorAppState(
            machine.state,
            since: clock.date(of: machine.history.since ?? clock.instant),
            restarts: max(machine.history.launches - 1, 0),
            reason: machine.history.reason,
            cure: machine.cure,
            retryAt: machine.retryAt.map(clock.date),
            lastLines: machine.state == .ready ? [] : app.lines)
    }

    /// Logs the link of each app with a login, once it is ready. The links of apps that log a link of their own are in
    /// that link.
    mutating func tellLinks() -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for index in apps.indices {
            let app = apps[index]
            guard app.state == .ready, !(app.isBelowHome && home?.rule != nil), !app.machine.policy.writesRuntimeFiles,
                let link = app.link,
                link != app.saidLink
            else { continue }
            apps[index].saidLink = link
            let message = "\(app.name): open \(link)"
            effects.append(.log(LogEntry(.info, message, of: LogSubject(app: app.name), isEssential: true)))
        }
        return effects
    }
}
