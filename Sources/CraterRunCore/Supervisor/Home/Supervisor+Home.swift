// The home page: which rule opens it, which apps are below it, and what its readers ask for.

extension Supervisor {
    /// The rules without the one that opens the home page. A rule that an app has asked for by name is that app's.
    mutating func assignHome(_ rules: IngressRules, at now: MonotonicInstant) -> (IngressRules, [SupervisorEffect]) {
        guard let options = home?.options else { return (rules, []) }
        // An app with a rule of another name does not need a rule with its own name.
        let names = apps.flatMap { $0.claim == .own(RuleWish()) ? $0.identity.ruleNames : [] }
        let candidates = options.candidates(in: rules, wished: Set(apps.compactMap(\.wish.name)), named: Set(names))
        let rule = candidates.first?.reachable(at: self.options.publicHost)
        let others = rules.without(rule?.name)
        if let rule, mustWait(for: rule) {
            defer { home?.pendingRule = rule }
            return (others, home?.pendingRule == rule ? [] : [delayEntry(rule)])
        }
        home?.pendingRule = nil
        guard home?.take(rule, at: now) ?? false else { return (others, []) }
        guard let rule else {
            return (others, [.log(LogEntry(.info, "home: its ingress rule is gone; the page is closed"))])
        }
        let place = "port \(rule.port), path \(rule.prefix.withTrailingSlash)"
        var effects: [SupervisorEffect] = [.log(LogEntry(.info, "home: one page for all apps, at \(place)"))]
        if candidates.count > 1 {
            let unused = candidates.dropFirst().map(\.name).joined(separator: " and ")
            effects.append(.log(LogEntry(.warning, "home: served by the rule \(rule.name); \(unused) is not used")))
        }
        return (others, effects + (home?.opened() ?? []))
    }

    /// Whether the home page must not take a rule's port yet: nobody has asked for the page by `--home`, and the job may
    /// want the port itself.
    private func mustWait(for rule: IngressRule) -> Bool {
        home?.options.wish.name == nil && automatic.startAt != nil && home?.rule?.port != rule.port
            && !door.isOpen(rule.port)
    }

    /// Serves the apps below the home page that have come to wait, and have no rule of their own.
    mutating func takeBelowHome(at now: MonotonicInstant) -> [SupervisorEffect] {
        guard stop == nil, home?.rule != nil, apps.contains(where: \.couldMoveBelowHome) else { return [] }
        return assign(at: now)
    }

    /// Has an app that has lost its rule give up the port that the home page needs.
    mutating func wantHomePort(at now: MonotonicInstant) -> [SupervisorEffect] {
        guard predecessors == nil, stop == nil, let port = home?.rule?.port, !door.isOpen(port),
            let owner = owner(of: port, but: nil), owner.machine.rule == nil, owner.machine.state != .stopping
        else { return [] }
        return tell(owner.name, .portWanted(by: HomeOptions.identity.name), at: now)
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

    /// Serves an app below the home page. A rule of its own that comes later is not used, and opens no second app.
    mutating func stayBelowHome(
        _ app: SupervisedApp, instead selection: RuleSelection, _ taken: inout Set<String>, at now: MonotonicInstant
    ) -> [SupervisorEffect] {
        waitsSince = nil
        var effects = changeRule(of: app.name, to: home?.rule(below: app.name), at: now)
        var complaint: String?
        let own: [String] =
            switch selection {
            case .found(let rule): [rule.name]
            case .ambiguous(let rules): rules.map(\.name)
            case .none, .unusable: []
            }
        if home?.rule != nil, !own.isEmpty {
            taken.formUnion(own)
            let names = own.joined(separator: " and ")
            complaint = "\(app.name): stays below the home page; its ingress rule \(names) is not used"
        } else if home?.rule != nil, home?.rule(below: app.name) == nil {
            complaint = "\(app.name): its path below the home page would be too long"
        }
        guard let index = index(of: app.name), complaint != app.complaint else { return effects }
        apps[index].complaint = complaint
        if let complaint { effects.append(.log(LogEntry(.info, complaint, of: LogSubject(app: app.name)))) }
        return effects
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

    /// The key of the home page's login cannot be read. Visitors read why.
    mutating func homeLoginFailed(_ failure: LaunchFailure, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard home?.failed(failure, at: now) ?? false else { return [] }
        let name = HomeOptions.identity.name
        let message = "\(name): nobody can log in: \(failure.reason); trying again"
        return [.log(LogEntry(.error, message, of: LogSubject(app: name)))]
    }

    /// Does what a button of the home page asks for.
    mutating func follow(_ verb: HomeVerb, of name: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard stop == nil, let home, home.rule != nil else { return [] }
        let entry = LogEntry(
            .info, "\(name): asked to \(verb.rawValue) from the home page", of: LogSubject(app: name))
        var effects: [SupervisorEffect] = [.log(entry)]
        // The rule that has opened the app is gone: the app goes on below the page.
        if let app = apps.first(where: { $0.name == name }), app.isAutomatic, app.boundRule == nil, !app.isRunning,
            verb != .stop, home.options.offers.contains(where: { $0.name == name })
        {
            effects.append(close(name))
        }
        if index(of: name) == nil {
            guard verb != .stop, !unusable.contains(where: { $0.name == name }),
                let offer = home.options.offers.first(where: { $0.name == name })
            else { return [] }
            apps.append(
                SupervisedApp(
                    offer, named: name, claim: .home, seed: seed &+ UInt64(apps.count), isBelowHome: true))
            let index = apps.index(before: apps.endIndex)
            return effects + [.open(app: name, apps[index].servedDefinition)] + adoptKey(at: index)
                + changeRule(of: name, to: home.rule(below: name), at: now)
        }
        let command: ControlCommand =
            switch verb {
            case .start: .start(app: name)
            case .stop: .stop(app: name)
            case .restart: .restart(app: name)
            }
        return effects + obey(command, at: now)
    }

    /// The route of the home page; nil without its rule.
    func homeRoute(at now: MonotonicInstant) -> DoorRoute? {
        guard let home, let rule = home.rule else { return nil }
        let clock = options.clock
        return DoorRoute(
            app: HomeOptions.identity.name, port: rule.port, prefix: rule.prefix, login: home.login,
            lock: home.login == nil ? home.lock : nil,
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
            if app.machine.state == .waiting, state.reason == nil { state.reason = whyItWaits(app) }
            return HomeTile(
                app: app.name, title: app.name == app.identity.name ? texts.title : app.name, about: texts.about,
                link: (app.doorRule ?? app.machine.rule).map(app.url), state: state)
        }
        let broken = unusable.map { app in
            HomeTile(
                app: app.name, title: HomeTexts.title(of: app.name), about: "Its line cannot be used",
                state: DoorAppState(
                    .failed, since: clock.date(of: home.since ?? clock.instant), reason: app.condition),
                hasButtons: false)
        }
        // These apps are about to be opened by rules of their own.
        let pending = (keeper.rules?.rules ?? []).filter { service(of: $0) == .pending }
            .compactMap { automatic.definition(for: $0)?.name }
        let offers = home.options.offers
            .filter { offer in
                home.installed.contains(offer.name) && index(of: offer.name) == nil
                    && !unusable.contains { $0.name == offer.name } && !pending.contains(offer.name)
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
