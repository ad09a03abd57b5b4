// The front door: what it serves, and what becomes of it.

extension Supervisor {
    mutating func follow(_ event: DoorEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        switch event {
        case .listening(let port): return door.listening(port)
        case .listenFailed(let port, let failure): return listenFailed(port, failure, at: now)
        case .started(let pid): return door.started(pid, at: now)
        case .startFailed(let reason): return door.startFailed(reason, at: now)
        case .ended(let status): return door.ended(status, at: now)
        case .said(let reply): return door.said(reply, at: now)
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

    /// The app's login has this key from now on.
    mutating func took(_ key: LoginKey, of name: String) -> [SupervisorEffect] {
        guard let index = index(of: name), apps[index].door?.hasLogin ?? false, apps[index].key != key else {
            return []
        }
        apps[index].key = key
        apps[index].login = DoorLogin(key: key.text.utf8)
        return []
    }

    /// Follows up an event: the door serves what the apps are now.
    mutating func settleDoor(at now: MonotonicInstant) -> [SupervisorEffect] {
        let served = apps.filter { $0.door != nil }
        guard !served.isEmpty || door.isUsed else { return [] }
        let ports = Set(served.compactMap { $0.doorRule?.port })
        return door.want(ports: ports, routes: served.compactMap { route(of: $0, at: now) }, at: now)
    }

    private func route(of app: SupervisedApp, at now: MonotonicInstant) -> DoorRoute? {
        guard let use = app.door, let rule = app.doorRule, !use.hasLogin || app.login != nil else { return nil }
        // A process that was started for another prefix does not know this one.
        let place = app.machine.place.flatMap {
            use.strips && !use.writesPrefix || $0.outside.prefix == rule.prefix ? $0 : nil
        }
        return DoorRoute(
            app: app.name, port: rule.port, prefix: rule.prefix, backend: place?.backend.listener,
            strips: use.strips, login: app.login, state: doorState(of: app, at: now))
    }

    private func doorState(of app: SupervisedApp, at now: MonotonicInstant) -> DoorAppState {
        let machine = app.machine
        let clock = options.clock
        return DoorAppState(
            machine.state,
            since: clock.date(of: machine.history.since ?? clock.instant),
            restarts: max(machine.history.launches - 1, 0),
            reason: machine.history.reason,
            cure: machine.cure,
            retryAt: machine.retryAt.map(clock.date),
            lastLines: machine.isDown ? machine.lastWords : [])
    }

    /// Logs the link of each app with a login, once it is ready. The links of apps that log a link of their own are in
    /// that link.
    mutating func tellLinks() -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for index in apps.indices {
            let app = apps[index]
            guard app.machine.state == .ready, !app.machine.policy.writesRuntimeFiles, let link = app.link,
                link != app.saidLink
            else { continue }
            apps[index].saidLink = link
            let message = "\(app.name): open \(link)"
            effects.append(.log(LogEntry(.info, message, of: LogSubject(app: app.name), isEssential: true)))
        }
        return effects
    }
}
