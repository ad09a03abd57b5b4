// The home page: which rule opens it, which apps are below it, and what its readers ask for.

extension Supervisor {
    /// The rules without the one that opens the home page. A rule that an app has asked for by name is that app's.
    mutating func assignHome(_ rules: IngressRules, at now: MonotonicInstant) -> (IngressRules, [SupervisorEffect]) {
        guard let home else { return (rules, []) }
        let wishes = Set(apps.compactMap(\.wish.name) + apps.flatMap(\.identity.ruleNames))
        let candidates = home.options.candidates(in: rules, butFor: wishes)
        let rule = candidates.first?.reachable(at: options.publicHost)
        guard self.home?.take(rule, at: now) ?? false else { return (rules.without(rule?.name), []) }
        guard let rule else {
            return (rules, [.log(LogEntry(.info, "home: its ingress rule is gone; the page is closed"))])
        }
        let name = HomeOptions.identity.name
        var effects: [SupervisorEffect] = [
            .log(
                LogEntry(
                    .info, "home: one page for all apps, at port \(rule.port), path \(rule.prefix.withTrailingSlash)"))
        ]
        if candidates.count > 1 {
            let others = candidates.dropFirst().map(\.name).joined(separator: " and ")
            effects.append(.log(LogEntry(.warning, "home: served by the rule \(rule.name); \(others) is not used")))
        }
        if home.key == nil { effects += [.readLogin(app: name), .findOffers] }
        return (rules.without(rule.name), effects)
    }

    /// Moves an app that has no process, and waits, below the home page, or away from there: its process is started in
    /// another way then.
    mutating func move(_ name: String, belowHome: Bool) -> [SupervisorEffect] {
        guard let index = index(of: name), apps[index].isBelowHome != belowHome,
            apps[index].machine.state == .waiting, apps[index].launch == nil
        else { return [] }
        let app = apps[index]
        apps[index] = SupervisedApp(
            app.definition, named: name, claim: app.claim, seed: seed &+ UInt64(index), isBelowHome: belowHome)
        let effects: [SupervisorEffect] = [.close(app: name), .open(app: name, apps[index].servedDefinition)]
        return effects + adoptKey(at: index)
    }

    /// Gives an app below the home page the page's login.
    private mutating func adoptKey(at index: Int) -> [SupervisorEffect] {
        if apps[index].isBelowHome, let home {
            apps[index].key = home.key
            apps[index].login = home.login
        }
        return []
    }

    /// The home page's login has this key.
    mutating func tookHomeKey(_ key: LoginKey) -> [SupervisorEffect] {
        home?.take(key)
        for index in apps.indices { _ = adoptKey(at: index) }
        return []
    }

    /// Does what a button of the home page asks for.
    mutating func follow(_ verb: HomeVerb, of name: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard stop == nil, let home, home.rule != nil else { return [] }
        let entry = LogEntry(
            .info, "\(name): asked to \(verb.rawValue) from the home page", of: LogSubject(app: name))
        if index(of: name) == nil {
            guard verb != .stop, !unusable.contains(where: { $0.name == name }),
                let offer = home.options.offers.first(where: { $0.name == name })
            else { return [] }
            apps.append(
                SupervisedApp(
                    offer, named: name, claim: .home, seed: seed &+ UInt64(apps.count), isBelowHome: true))
            let index = apps.index(before: apps.endIndex)
            return [.log(entry), .open(app: name, apps[index].servedDefinition)] + adoptKey(at: index)
                + changeRule(of: name, to: home.rule(below: name), at: now)
        }
        let command: ControlCommand =
            switch verb {
            case .start: .start(app: name)
            case .stop: .stop(app: name)
            case .restart: .restart(app: name)
            }
        return [.log(entry)] + obey(command, at: now)
    }

    /// The route of the home page; nil without its rule.
    func homeRoute(at now: MonotonicInstant) -> DoorRoute? {
        guard let home, let rule = home.rule else { return nil }
        let clock = options.clock
        return DoorRoute(
            app: HomeOptions.identity.name, port: rule.port, prefix: rule.prefix, login: home.login,
            lock: home.login == nil ? DoorLock() : nil,
            state: DoorAppState(.ready, since: clock.date(of: home.since ?? clock.instant)),
            home: view(at: now))
    }

    private func view(at now: MonotonicInstant) -> HomeView {
        guard let home else { return HomeView(host: "") }
        let clock = options.clock
        let served = apps.map { app in
            let texts = HomeTexts(of: app.identity)
            var state = doorState(of: app, at: now)
            state.lastLines = app.lines
            return HomeTile(
                app: app.name, title: app.name == app.identity.name ? texts.title : app.name, about: texts.about,
                link: (app.doorRule ?? app.machine.rule).map {
                    app.entrance ?? AccessURL(of: $0, page: app.machine.policy.page).description
                },
                state: state, isStarted: app.hasRun || app.machine.state != .waiting)
        }
        let broken = unusable.map { app in
            HomeTile(
                app: app.name, title: HomeTexts.title(of: app.name), about: "Its line cannot be used",
                state: DoorAppState(
                    .failed, since: clock.date(of: home.since ?? clock.instant), reason: app.condition),
                isStarted: true)
        }
        let offers = home.options.offers
            .filter { offer in
                home.installed.contains(offer.name) && index(of: offer.name) == nil
                    && !unusable.contains { $0.name == offer.name }
            }
            .map { offer in
                let texts = HomeTexts(of: offer.app.identity)
                return HomeTile(
                    app: offer.name, title: texts.title, about: texts.about,
                    state: DoorAppState(.stopped, since: clock.date(of: home.since ?? clock.instant)), isStarted: false)
            }
        let end = options.jobEnd
        let job = options.jobStartedAt.map { start in
            HomeJob(
                command: options.jobCommand, startedAt: clock.date(of: start), exitCode: end?.code,
                endedAt: end.map { clock.date(of: $0.at) })
        }
        return HomeView(host: home.options.host, job: job, tiles: served + broken + offers)
    }

    /// Logs the link of the home page, once the front door serves the page.
    mutating func tellHomeLink() -> [SupervisorEffect] {
        guard let rule = home?.rule, home?.login != nil, door.isOpen(rule.port),
            door.run?.serves == door.routes.generation, let link = home?.newLink()
        else { return [] }
        let name = HomeOptions.identity.name
        return [.log(LogEntry(.info, "\(name): open \(link)", of: LogSubject(app: name), isEssential: true))]
    }
}
