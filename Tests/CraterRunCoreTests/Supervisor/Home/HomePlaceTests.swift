import CraterRunCore
import Testing

/// Which apps are served below the home page, and when.
struct HomePlaceTests {
    private func open(
        _ apps: [AppDefinition] = [], rules: [IngressRule] = [.home],
        _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) throws -> SupervisorDriver {
        var up = SupervisorDriver.withHome(apps, change)
        up.read(rules)
        try up.answerHome()
        up.pass(.seconds(1))
        return up
    }

    private static let below = "/ingress/x/tensorboard/"

    /// The app goes on without its rule, and whoever has it started again finds it below the page.
    @Test(arguments: [HomeVerb.restart, .stop]) func anAppThatHasLostItsRuleComesBackBelow(verb: HomeVerb) throws {
        var up = try open([.fake(.tensorBoard)], rules: [.home, .board])
        #expect(up.ports == ["tensorboard": 6006])
        up.read([.home])
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == nil)
        up.press(verb, "tensorboard")
        if verb == .stop { up.press(.start, "tensorboard") }
        up.pass(.seconds(5))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func anAppThatWasStoppedBeforeThePageCameStartsBelow() throws {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard)])
        up.read([.board])
        up.pass(.seconds(1))
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([.home])
        try up.answerHome()
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .stopped], "a stop by a user lasts")
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func anAppThatHasHungStartsBelow() throws {
        var up = try open([.fake(.tensorBoard)]) { $0.leftOut = ["tensorboard"] }
        up.pass(.seconds(60))
        #expect(up.running.isEmpty)
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func anAppWhosePortIsTakenComesBelowInstead() throws {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard)])
        up.foreignPorts = [6006]
        up.read([.board])
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .backingOff])
        up.read([.home])
        try up.answerHome()
        up.pass(.seconds(120))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func anAppThatIsBeingLaunchedForARuleThatGoesComesBelow() throws {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard)])
        up.launchesAtOnce = false
        up.read([.board])
        #expect(up.states == ["tensorboard": .starting])
        up.launchesAtOnce = true
        up.read([.home])
        try up.answerHome()
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func aRuleThatComesLaterOpensNoSecondApp() throws {
        for apps in [[AppDefinition.fake(.tensorBoard)], []] {
            var up = try open(apps) { $0.automatic = [.fake(.tensorBoard), .fake(.jupyter)] }
            up.press(.start, "tensorboard")
            up.pass(.seconds(1))
            #expect(up.place(of: "tensorboard") == Self.below)
            _ = up.takeDone()
            up.read([.home, .board])
            up.pass(.seconds(60))
            #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
            let said = up.takeDone().messages.filter { $0.contains("is not used") }
            #expect(said == ["tensorboard: stays below the home page; its ingress rule tensorboard is not used"])
            let report = up.supervisor.report
            #expect(report.pendingRules.isEmpty && ReadyWhen.all.obstacle(in: report) == nil)
        }
    }

    @Test func twoRulesThatComeLaterOpenNoSecondApp() throws {
        var up = try open { $0.automatic = [.fake(.tensorBoard)] }
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        up.read([.home, .board, IngressRule("tb", 6007, "/ingress/tb/")])
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func anAppOfAPageThatIsGoneIsServedByTheNextRule() throws {
        var up = try open { $0.automatic = [.fake(.tensorBoard)] }
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        up.read([.board])
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == "/ingress/board/")
    }

    @Test func whatWasStoppedOnAPageThatIsGoneIsForgotten() throws {
        var up = try open()
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        up.press(.stop, "tensorboard")
        up.read([])
        #expect(up.states.isEmpty)
    }

    /// The app has a rule of another name than any offer.
    @Test func aSecondAppOfAKindStaysWhenItsRuleIsGone() throws {
        let second = IngressRule("tb", 6007, "/ingress/tb/")
        var up = try open(rules: [.home, .board, second]) { $0.automatic = [.fake(.tensorBoard)] }
        #expect(up.states == ["tensorboard": .ready, "tb": .ready])
        up.press(.stop, "tb")
        up.read([.home, .board])
        up.press(.start, "tb")
        let closed = up.done.filter { $0 == .close(app: "tb") }.count
        #expect((up.states["tb"] == nil) == (closed == 1), "whoever is gone was closed")
    }

    /// A key that was being read for the app's own login comes too late.
    @Test func thePagesKeyStays() throws {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard, door: DoorUse(hasLogin: true))])
        up.launchesAtOnce = false
        up.read([.board])
        up.launchesAtOnce = true
        up.read([.home])
        try up.answerHome()
        up.send(.login(app: "tensorboard", try LoginKey("the key of the app")))
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.login == up.home?.login && up.home?.login != nil)
    }

    @Test func aPathThatIsTooLongIsSaid() throws {
        let long = IngressRule("home", 8080, "/" + String(repeating: "x", count: 2040) + "/")
        let up = try open([.fake(.tensorBoard)], rules: [long])
        #expect(up.states == ["tensorboard": .waiting])
        #expect(up.done.messages.contains("tensorboard: its path below the home page would be too long"))
    }

    /// A click must not start what a rule is about to start.
    @Test func anAppThatARuleIsAboutToOpenIsNotOffered() throws {
        var up = try open { options in
            options.automatic = [.fake(.tensorBoard), .fake(.jupyter)]
            options.jobStartedAt = SupervisorDriver.jobStart
            options.home?.wish.name = "home"
        }
        #expect(up.tile("tensorboard") != nil)
        up.read([.home, .board])
        #expect(up.tile("tensorboard") == nil && up.tile("jupyter") != nil)
        up.pass(.seconds(30))
        #expect(up.states == ["tensorboard": .ready] && up.ports == ["tensorboard": 6006])
    }

    @Test func anAppOfARuleThatIsGoneIsStartedBelow() throws {
        var up = try open(rules: [.home, .board]) { $0.automatic = [.fake(.tensorBoard)] }
        #expect(up.ports == ["tensorboard": 6006])
        up.press(.stop, "tensorboard")
        up.read([.home])
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == Self.below)
    }

    @Test func anAppThatWaitsForARuleOfAnotherNameSaysSo() throws {
        let up = try open([.fake(.tensorBoard, ruleName: "curves")])
        let tile = try #require(up.tile("tensorboard"))
        #expect(tile.isStarted && tile.state.state == .waiting && tile.link == nil)
        #expect(tile.state.reason?.contains("curves") ?? false, "\(tile.state.reason ?? "")")
    }

    @Test func anUnusableLineHasNoButtons() throws {
        let up = try open { $0.unusable = [UnusableApp(name: "tensorboard", reason: "Unknown option '--logdirr'")] }
        let tile = try #require(up.tile("tensorboard"))
        #expect(!tile.hasButtons && tile.state.state == .failed && tile.state.reason?.contains("--logdirr") ?? false)
        #expect(up.home?.home?.tiles.filter { $0.app == "tensorboard" }.count == 1)
    }

    @Test func whatIsStartedFromThePageIsStoppedByItsOwnSignal() throws {
        var up = SupervisorDriver.withHome { options in
            options.home?.offers = [.fake(.visdom, stopSignal: .interrupt)]
            options.followsAnother = true
        }
        up.predecessors = 1
        let signals = up.done.compactMap { effect -> [String: Signal]? in
            if case .stopPredecessors(let signals) = effect { signals } else { nil }
        }
        #expect(signals.first?["visdom"] == Signal.interrupt)
    }

    /// Every Pod of the platform has the label, whether an ingress serves it or not.
    @Test func thePageComesBeforeTheLabel() throws {
        for apps in [[AppDefinition.fake(.jupyter)], []] {
            var up = SupervisorDriver.withHome(apps)
            up.read([.home], label: "liuxw24-cce14")
            try up.answerHome()
            up.press(.start, "jupyter")
            up.pass(.seconds(1))
            #expect(up.states == ["jupyter": .ready] && up.place(of: "jupyter") == "/ingress/x/jupyter/")
            #expect(!up.done.messages.contains { $0.contains("is not used") })
        }
    }

    @Test func anAppThatRunsByTheLabelStaysThere() throws {
        var up = SupervisorDriver.withHome([.fake(.jupyter)])
        up.read([], label: "liuxw24-cce14")
        up.pass(.seconds(1))
        #expect(up.ports == ["jupyter": 8888])
        up.read([.home], label: "liuxw24-cce14")
        try up.answerHome()
        up.pass(.seconds(60))
        #expect(up.states == ["jupyter": .ready] && up.ports == ["jupyter": 8888])
        #expect(up.tile("jupyter")?.link == "/ingress/liuxw24-cce14/")
    }

    @Test func theLinkFollowsTheRuleWithTheAppsOwnSecret() throws {
        var up = try open([.fake(.jupyter)])
        up.send(.entrance(app: "jupyter", link: "/ingress/x/jupyter/?token=t"))
        #expect(up.tile("jupyter")?.link == "/ingress/x/jupyter/?token=t")
        up.read([IngressRule("home", 8080, "/ingress/y/")])
        up.pass(.seconds(30))
        #expect(up.tile("jupyter")?.link == "/ingress/y/jupyter/", "another process has another secret")
    }

    /// A stripping app goes on when its prefix changes.
    @Test func theLinkOfAnAppThatGoesOnKeepsItsSecret() throws {
        var up = try open([.fake(.jupyter, door: DoorUse(strips: true))])
        up.send(.entrance(app: "jupyter", link: "/ingress/x/jupyter/?access_token=t"))
        let pid = up.running["jupyter"]?.pid
        up.read([IngressRule("home", 8080, "/ingress/y/")])
        up.pass(.seconds(30))
        #expect(up.running["jupyter"]?.pid == pid && pid != nil)
        #expect(up.tile("jupyter")?.link == "/ingress/y/jupyter/?access_token=t")
    }
}
