import CraterRunCore
import Testing

/// When the home page takes its rule's port, who gets in, and what the page offers.
struct HomeOpeningTests {
    private static func besideJob(_ change: (inout SupervisorOptions) -> Void = { _ in }) -> SupervisorDriver {
        .withHome { options in
            options.jobStartedAt = SupervisorDriver.jobStart
            change(&options)
        }
    }

    /// The job may want the port itself, and would end without it.
    @Test func theJobHasTimeToTakeThePort() throws {
        var up = Self.besideJob()
        up.read([.home])
        up.read([.home], seen: 1)
        #expect(up.door.open.isEmpty && up.home == nil)
        let said = "home: served from 20 s after the job's start on, if port 8080 is free then"
        #expect(up.takeDone().messages.filter { $0 == said }.count == 1)
        let report = up.supervisor.report
        #expect(report.pendingRules == ["home"] && ReadyWhen.any.obstacle(in: report) != nil)
        up.pass(.seconds(19))
        #expect(up.door.open.isEmpty)
        up.pass(.seconds(1))
        #expect(up.door.open == [8080] && up.home != nil)
    }

    @Test func aRuleThatComesLaterIsServedAtOnce() {
        var up = Self.besideJob()
        up.read([])
        up.pass(.seconds(30))
        up.read([.home])
        #expect(up.door.open == [8080])
    }

    @Test func whoAsksForThePageGetsItAtOnce() {
        var up = Self.besideJob { $0.home?.wish.name = "home" }
        up.read([.home])
        #expect(up.door.open == [8080])
    }

    @Test func thePortOfAnEarlierSupervisorIsTakenAtOnce() {
        var up = Self.besideJob { $0.openPorts = [8080] }
        up.read([.home])
        #expect(up.home != nil)
    }

    @Test func appsWaitForThePageWithoutComplaint() throws {
        var up = Self.besideJob { $0.apps = [.fake(.tensorBoard)] }
        up.read([.home])
        #expect(up.states == ["tensorboard": .waiting])
        #expect(up.supervisor.report.apps.first?.reason == "waiting for the home page")
        #expect(!up.takeDone().messages.contains { $0.hasPrefix("tensorboard") })
        try up.answerHome()
        up.pass(.seconds(21))
        #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == "/ingress/x/tensorboard/")
    }

    @Test func aRuleThatGoesBeforeItIsServedIsForgotten() {
        var up = Self.besideJob()
        up.read([.home])
        up.read([])
        up.pass(.seconds(30))
        #expect(up.home == nil && up.door.open.isEmpty)
    }

    /// A Pod that is not ready gets no requests, and the page's buttons are what mends it.
    @Test func thePageKeepsThePodReady() throws {
        var up = SupervisorDriver.withHome()
        up.answersChecks = false
        up.read([.home])
        try up.answerHome()
        up.press(.start, "tensorboard")
        #expect(up.states == ["tensorboard": .starting])
        #expect(ReadyWhen.any.obstacle(in: up.supervisor.report) == nil)
        #expect(ReadyWhen.all.obstacle(in: up.supervisor.report) != nil)
    }

    /// The job has a rule with the page's name, and its port. An app without a rule waits, and must not have the ingress
    /// cut off the job's own server.
    @Test func aPageThatCannotListenCostsTheJobNothing() throws {
        var up = Self.besideJob { $0.apps = [.fake(.tensorBoard)] }
        up.foreignPorts = [8080]
        up.read([.home])
        try up.answerHome()
        up.pass(.seconds(60))
        #expect(up.home != nil && up.door.open.isEmpty && up.running.isEmpty)
        #expect(ReadyWhen.any.obstacle(in: up.supervisor.report) == nil)
        // An app with a rule of its own counts as ever.
        up.answersChecks = false
        up.read([.home, .board])
        up.send(.command(.restart(app: "tensorboard"), number: 1))
        up.foreignPorts = []
        up.pass(.seconds(10))
        #expect(up.door.open == [8080], "the page opens as soon as it can")
    }

    /// An app that has lost its rule gives up the port.
    @Test(arguments: [true, false]) func thePageGetsThePortOfAnAppWithoutARule(isNamed: Bool) throws {
        var up = SupervisorDriver.withHome(isNamed ? [.fake(.tensorBoard)] : []) { options in
            if !isNamed { options.automatic = [.fake(.tensorBoard)] }
        }
        up.read([.board])
        up.pass(.seconds(1))
        #expect(up.ports == ["tensorboard": 6006])
        up.read([IngressRule("home", 6006, "/ingress/x/")])
        try up.answerHome()
        up.pass(.seconds(30))
        #expect(up.door.open == [6006] && up.home != nil)
        if isNamed {
            #expect(up.states == ["tensorboard": .ready] && up.place(of: "tensorboard") == "/ingress/x/tensorboard/")
        } else {
            #expect(up.states.isEmpty && up.tile("tensorboard")?.isStarted == false)
        }
    }

    /// The file with the key may come later than crater-run.
    @Test func theKeyIsReadUntilItIsThere() throws {
        var up = SupervisorDriver.withHome()
        up.read([.home])
        #expect(up.takeDone().filter { $0 == .readHomeLogin }.count == 1)
        let failure = LaunchFailure.noKey(file: "/secrets/key", why: "it does not exist")
        for _ in 1...3 {
            up.send(.homeLoginFailed(failure))
            up.pass(.seconds(10))
        }
        let done = up.takeDone()
        #expect(done.filter { $0 == .readHomeLogin }.count == 3)
        let said = done.messages.filter { $0.contains("nobody can log in") }
        #expect(said.count == 1 && said.first?.contains("/secrets/key: it does not exist") ?? false)
        #expect(up.home?.lock?.failure == "the key of its login cannot be read: it does not exist")
        try up.answerHome()
        #expect(up.home?.lock == nil && up.home?.login != nil)
        up.pass(.seconds(600))
        #expect(!up.takeDone().contains(.readHomeLogin))
    }

    @Test func theKeyIsReadOnAfterTheRuleHasGone() {
        var up = SupervisorDriver.withHome()
        up.read([.home])
        up.send(.homeLoginFailed(.noKey(file: nil, why: "there is no space left")))
        up.read([])
        _ = up.takeDone()
        up.pass(.seconds(10))
        #expect(up.takeDone().filter { $0 == .readHomeLogin }.count == 1)
        up.read([.home])
        #expect(!up.takeDone().contains(.readHomeLogin), "somebody reads it")
    }

    @Test func anAppThatIsInstalledLaterIsOffered() throws {
        var up = SupervisorDriver.withHome()
        up.read([.home])
        try up.answerHome()
        #expect(up.tile("visdom") == nil)
        _ = up.takeDone()
        up.pass(.seconds(60))
        #expect(up.takeDone().filter { $0 == .findOffers }.count == 1, "not before the last answer")
        up.send(.offers(installed: ["visdom"]))
        #expect(up.tile("visdom") != nil)
        up.read([])
        up.pass(.seconds(600))
        #expect(!up.takeDone().contains(.findOffers), "without a page, nobody looks")
    }

    /// An app may have the page's name, and a key of its own.
    @Test func anAppNamedHomeIsNotThePage() throws {
        let identity = AppIdentity(name: "home", ruleNames: ["home"], defaultPort: nil)
        var up = SupervisorDriver.withHome([.fake(identity, door: DoorUse(hasLogin: true))])
        up.read([.home, IngressRule("apps", 8081, "/ingress/y/")])
        let key = try LoginKey("the key of the app")
        up.send(.login(app: "home", key))
        try up.answerHome()
        up.pass(.seconds(1))
        #expect(up.home?.port == 8081 && up.states == ["home": .ready])
        let app = up.door.routes.routes.first { $0.home == nil }
        #expect(app?.login == DoorLogin(key: key.text.utf8) && app?.login != up.home?.login)
    }

    /// Who asks for a rule for an app gets it, whoever asks for the same rule for the page.
    @Test func aRuleThatAnAppAsksForIsTheApps() {
        var up = SupervisorDriver.withHome([.fake(.tensorBoard, ruleName: "home")]) { $0.home?.wish.name = "home" }
        up.read([.home])
        up.pass(.seconds(1))
        #expect(up.home == nil && up.ports == ["tensorboard": 8080])
    }

    /// An app with a rule of another name leaves the rule with its own name to the page.
    @Test func anAppThatDoesNotUseItsNameLeavesTheRule() {
        let identity = AppIdentity(name: "apps", ruleNames: ["apps"], defaultPort: nil)
        let rule = IngressRule("apps", 8081, "/ingress/y/")
        for app in [
            AppDefinition.fake(identity, ruleName: "other"),
            .fake(identity, fixedRule: IngressRule("apps", 9000, "/z/")),
        ] {
            var up = SupervisorDriver.withHome([app])
            up.read([rule])
            #expect(up.home?.port == 8081)
        }
        var up = SupervisorDriver.withHome([.fake(identity)])
        up.read([rule])
        #expect(up.home == nil && up.ports == ["apps": 8081])
    }
}
