import CraterRunCore
import Testing

/// One rule for all apps: the home page, and the apps below it.
struct HomeTests {
    private static func prefix(_ text: String) -> PathPrefix {
        guard let prefix = try? PathPrefix(text) else { preconditionFailure("\(text) is a prefix") }
        return prefix
    }

    private func open(_ apps: [AppDefinition] = []) throws -> SupervisorDriver {
        var up = SupervisorDriver.withHome(apps)
        up.read([.home])
        try up.answerHome()
        return up
    }

    @Test func withoutItsRuleThereIsNone() throws {
        var up = SupervisorDriver.withHome()
        up.read([.board])
        up.pass(.seconds(60))
        #expect(up.door.starts == 0 && up.home == nil)
    }

    @Test(arguments: ["home", "apps", "crater"]) func itsRuleOpensIt(name: String) throws {
        var up = SupervisorDriver.withHome()
        let done = up.read([IngressRule(name, 8080, "/ingress/x/")])
        #expect(done.contains(.readHomeLogin) && done.contains(.findOffers))
        #expect(up.door.open == [8080])
        #expect(up.home?.lock != nil, "nobody gets in without the key")
        try up.answerHome()
        #expect(up.home?.lock == nil && up.home?.login != nil)
        #expect(up.takeDone().messages.contains { $0.hasPrefix("home: open /ingress/x/#key=") })
    }

    @Test func itOffersWhatIsInstalled() throws {
        let up = try open()
        let tiles = up.home?.home?.tiles ?? []
        #expect(tiles.map(\.app) == ["tensorboard", "jupyter"] && tiles.allSatisfy { !$0.isStarted })
        #expect(up.running.isEmpty, "what nobody has started costs nothing")
    }

    @Test func aButtonStartsAndStopsAnApp() throws {
        var up = try open()
        up.press(.start, "tensorboard")
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
        let route = up.route(of: "tensorboard")
        #expect(route?.port == 8080 && route?.prefix == Self.prefix("/ingress/x/tensorboard/"))
        #expect(route?.login == up.home?.login && route?.login != nil && route?.target != nil)
        #expect(route?.loginPlace == DoorLoginPlace(app: "home", prefix: IngressRule.home.prefix))
        #expect(up.home?.home?.tiles.first?.link == "/ingress/x/tensorboard/")
        up.press(.stop, "tensorboard")
        #expect(up.states == ["tensorboard": .stopped] && up.running.isEmpty)
        up.press(.restart, "tensorboard")
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
    }

    @Test func aButtonForNoAppDoesNothing() throws {
        var up = try open()
        for verb in [HomeVerb.start, .stop, .restart] {
            up.press(verb, "rm -rf")
        }
        up.press(.stop, "jupyter")
        #expect(up.states.isEmpty)
    }

    @Test func aNamedAppWithoutARuleIsBelowIt() throws {
        var up = try open([.fake(.tensorBoard)])
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
        #expect(up.route(of: "tensorboard")?.prefix == Self.prefix("/ingress/x/tensorboard/"))
        #expect(up.home?.home?.tiles.map(\.app) == ["tensorboard", "jupyter"])
    }

    @Test func aNamedAppWithARuleOfItsOwnIsAtThatRule() throws {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard)])
        up.read([.home, .board])
        try up.answerHome()
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.ports == ["tensorboard": 6006])
        #expect(up.route(of: "tensorboard") == nil)
        #expect(up.home?.home?.tiles.first?.link == "/ingress/board/")
    }

    /// The home page's rule is nobody else's, whatever its port.
    @Test func aRuleOnAnAppsPortIsTheHomePages() throws {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard)])
        up.read([IngressRule("home", 6006, "/ingress/x/")])
        try up.answerHome()
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.prefix == Self.prefix("/ingress/x/tensorboard/"))
        #expect(up.route(of: "tensorboard")?.port == 6006 && up.home?.port == 6006)
    }

    @Test func theAppsMoveWithTheRule() throws {
        var up = try open([.fake(.tensorBoard)])
        up.pass(.seconds(1))
        up.read([IngressRule("home", 8081, "/ingress/y/")])
        up.pass(.seconds(30))
        #expect(up.states == ["tensorboard": .ready] && up.door.open == [8081])
        #expect(up.route(of: "tensorboard")?.prefix == Self.prefix("/ingress/y/tensorboard/"))
    }
}
