import CraterRunCore
import Testing

/// One rule for all apps: the home page, and the apps below it.
struct HomeTests {
    private static let rule = IngressRule(name: "home", port: 8080, prefix: prefix("/ingress/x/"))
    private static func prefix(_ text: String) -> PathPrefix {
        guard let prefix = try? PathPrefix(text) else { preconditionFailure("\(text) is a prefix") }
        return prefix
    }

    private func serving(
        _ apps: [AppDefinition] = [], _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) throws -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.apps = apps
            var home = HomeOptions()
            home.offers = [.fake(.tensorBoard), .fake(.jupyter), .fake(.visdom)]
            options.home = home
            change(&options)
        }
        up.send(.started)
        return up
    }

    /// With the rule, the key, and TensorBoard and Jupyter installed.
    private func open(_ apps: [AppDefinition] = []) throws -> SupervisorDriver {
        var up = try serving(apps)
        up.read([Self.rule])
        up.send(.login(app: "home", try LoginKey("a key for all of it")))
        up.send(.offers(installed: ["tensorboard", "jupyter"]))
        return up
    }

    private func home(_ up: SupervisorDriver) -> DoorRoute? { up.door.routes.routes.first { $0.home != nil } }

    @Test func withoutItsRuleThereIsNone() throws {
        var up = try serving()
        up.read([.board])
        up.pass(.seconds(60))
        #expect(up.door.starts == 0 && home(up) == nil)
    }

    @Test(arguments: ["home", "apps", "crater"]) func itsRuleOpensIt(name: String) throws {
        var up = try serving()
        let done = up.read([IngressRule(name: name, port: 8080, prefix: Self.prefix("/ingress/x/"))])
        #expect(done.contains(.readLogin(app: "home")) && done.contains(.findOffers))
        #expect(up.door.open == [8080])
        #expect(home(up)?.lock != nil, "nobody gets in without the key")
        up.send(.login(app: "home", try LoginKey("a key for all of it")))
        #expect(home(up)?.lock == nil && home(up)?.login != nil)
        #expect(up.takeDone().messages.contains { $0.hasPrefix("home: open /ingress/x/#key=") })
    }

    @Test func itOffersWhatIsInstalled() throws {
        let up = try open()
        let tiles = home(up)?.home?.tiles ?? []
        #expect(tiles.map(\.app) == ["tensorboard", "jupyter"] && tiles.allSatisfy { !$0.isStarted })
        #expect(up.running.isEmpty, "what nobody has started costs nothing")
    }

    @Test func aButtonStartsAndStopsAnApp() throws {
        var up = try open()
        up.send(.door(.said(.command(app: "tensorboard", .start))))
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
        let route = up.route(of: "tensorboard")
        #expect(route?.port == 8080 && route?.prefix == Self.prefix("/ingress/x/tensorboard/"))
        #expect(route?.login == home(up)?.login && route?.login != nil && route?.target != nil)
        #expect(route?.loginPlace == DoorLoginPlace(app: "home", prefix: Self.rule.prefix))
        #expect(home(up)?.home?.tiles.first?.link == "/ingress/x/tensorboard/")
        up.send(.door(.said(.command(app: "tensorboard", .stop))))
        #expect(up.states == ["tensorboard": .stopped] && up.running.isEmpty)
        up.send(.door(.said(.command(app: "tensorboard", .restart))))
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
    }

    @Test func aButtonForNoAppDoesNothing() throws {
        var up = try open()
        for verb in [HomeVerb.start, .stop, .restart] {
            up.send(.door(.said(.command(app: "rm -rf", verb))))
        }
        up.send(.door(.said(.command(app: "jupyter", .stop))))
        #expect(up.states.isEmpty)
    }

    @Test func aNamedAppWithoutARuleIsBelowIt() throws {
        var up = try open([.fake(.tensorBoard)])
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
        #expect(up.route(of: "tensorboard")?.prefix == Self.prefix("/ingress/x/tensorboard/"))
        #expect(home(up)?.home?.tiles.map(\.app) == ["tensorboard", "jupyter"])
    }

    @Test func aNamedAppWithARuleOfItsOwnIsAtThatRule() throws {
        var up = try serving([.fake(.tensorBoard)])
        up.read([Self.rule, .board])
        up.send(.login(app: "home", try LoginKey("a key for all of it")))
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.ports == ["tensorboard": 6006])
        #expect(up.route(of: "tensorboard") == nil)
        #expect(home(up)?.home?.tiles.first?.link == "/ingress/board/")
    }

    /// The home page's rule is nobody else's, whatever its port.
    @Test func aRuleOnAnAppsPortIsTheHomePages() throws {
        var up = try serving([.fake(.tensorBoard)])
        up.read([IngressRule(name: "home", port: 6006, prefix: Self.prefix("/ingress/x/"))])
        up.send(.login(app: "home", try LoginKey("a key for all of it")))
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.prefix == Self.prefix("/ingress/x/tensorboard/"))
        #expect(up.route(of: "tensorboard")?.port == 6006 && home(up)?.port == 6006)
    }

    @Test func theAppsMoveWithTheRule() throws {
        var up = try open([.fake(.tensorBoard)])
        up.pass(.seconds(1))
        up.read([IngressRule(name: "home", port: 8081, prefix: Self.prefix("/ingress/y/"))])
        up.pass(.seconds(30))
        #expect(up.states == ["tensorboard": .ready] && up.door.open == [8081])
        #expect(up.route(of: "tensorboard")?.prefix == Self.prefix("/ingress/y/tensorboard/"))
    }
}
