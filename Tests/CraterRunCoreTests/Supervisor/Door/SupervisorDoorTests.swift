import CraterRunCore
import Testing

/// Apps that a supervisor serves through its front door.
struct SupervisorDoorTests {
    private func serving(
        _ use: DoorUse = DoorUse(), _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard, door: use)]
            change(&options)
        }
        up.send(.started)
        return up
    }

    // MARK: What the door serves

    @Test func withoutADoorThereIsNone() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .ready] && up.door.starts == 0 && up.door.open.isEmpty)
        #expect(up.supervisor.report.door == nil)
    }

    @Test func theDoorListensAtTheRulesPortAndTheAppAtItsOwn() {
        var up = serving()
        #expect(up.door.open.isEmpty && up.door.starts == 0, "nothing is served before there is a rule")
        up.read([.board])
        #expect(up.door.open == [6006] && up.door.accepting == [6006] && up.door.starts == 1)
        #expect(up.route(of: "tensorboard")?.backend == nil || up.route(of: "tensorboard")?.target == nil)
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready])
        let route = up.route(of: "tensorboard")
        #expect(route?.port == 6006 && route?.prefix == IngressRule.board.prefix && route?.strips == false)
        #expect(route?.target == .port(40_100))
        #expect(up.supervisor.report.apps.first?.backend?.address.description == "port 40100, path /ingress/board/")
    }

    @Test func aStrippedAppServesAtTheRoot() {
        var up = serving(DoorUse(strips: true))
        up.read([.board])
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.strips == true)
        #expect(up.supervisor.report.apps.first?.backend?.address.description == "port 40100, path /")
    }

    @Test func theRouteSaysWhatTheAppIsDoing() {
        var up = serving()
        up.read([.board])
        up.pass(.seconds(1))
        up.end("tensorboard", .exited(code: 3))
        let route = up.route(of: "tensorboard")
        #expect(route?.state.state == .backingOff && route?.target == nil && route?.state.retryAt != nil)
        #expect(up.door.open == [6006], "a page is shown meanwhile")
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        #expect(up.route(of: "tensorboard")?.state.state == .stopped && up.door.open == [6006])
        up.send(.command(.start(app: "tensorboard"), number: 2))
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.state.state == .ready && up.route(of: "tensorboard")?.state.restarts == 1)
    }

    @Test func datesAreTheClocks() {
        let clock = DatedInstant(SupervisorDriver.jobStart, at: WallTime(milliseconds: 1_700_000_000_000))
        var up = serving { $0.clock = clock }
        up.pass(.seconds(10))
        up.read([.board])
        #expect(up.route(of: "tensorboard")?.state.since == WallTime(milliseconds: 1_700_000_010_000))
    }

    @Test func aRuleThatIsGoneClosesThePort() {
        var up = serving()
        up.read([.board])
        up.pass(.seconds(1))
        up.read([])
        #expect(up.door.open.isEmpty && up.door.accepting.isEmpty && up.door.routes.routes.isEmpty)
        #expect(up.states == ["tensorboard": .ready], "the app itself goes on")
        up.read([.board])
        #expect(up.route(of: "tensorboard")?.target == .port(40_100) && up.running["tensorboard"]?.pid == 100)
    }

    // MARK: Rules that change

    @Test(arguments: [
        // The rule that follows, whether the app is stripped, and whether it is launched anew.
        (IngressRule("tensorboard", 7007, "/ingress/board/"), false, false),
        (IngressRule("tensorboard", 7007, "/ingress/board/"), true, false),
        (IngressRule("tensorboard", 6006, "/ingress/other/"), false, true),
        (IngressRule("tensorboard", 6006, "/ingress/other/"), true, false),
        (IngressRule("tensorboard", 7007, "/ingress/other/"), true, false),
    ])
    func aChangedRule(_ rule: IngressRule, strips: Bool, isRelaunch: Bool) {
        var up = serving(DoorUse(strips: strips))
        up.read([.board])
        up.pass(.seconds(1))
        up.read([rule])
        #expect(up.door.open == [rule.port] && up.door.accepting == [rule.port])
        #expect((up.running["tensorboard"]?.pid == 100) == !isRelaunch)
        up.pass(.seconds(1))
        let route = up.route(of: "tensorboard")
        #expect(route?.port == rule.port && route?.prefix == rule.prefix && route?.target != nil)
        #expect(up.supervisor.report.apps.first?.servedRule == rule)
    }

    /// Such an app has the prefix in its links, although it is not in its requests.
    @Test func aStrippedAppThatWritesThePrefixIsLaunchedAnewForAnother() {
        var up = serving(DoorUse(strips: true, writesPrefix: true))
        up.read([.board])
        up.pass(.seconds(1))
        up.read([IngressRule("tensorboard", 7007, "/ingress/board/")])
        #expect(up.running["tensorboard"]?.pid == 100)
        up.read([IngressRule("tensorboard", 7007, "/ingress/other/")])
        #expect(up.running["tensorboard"]?.pid != 100)
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.target != nil)
    }

    @Test func untilItIsLaunchedAnewAnAppDoesNotGetRequestsForAnotherPrefix() {
        var up = serving()
        up.stopsAtOnce = false
        up.read([.board])
        up.pass(.seconds(1))
        up.read([IngressRule("tensorboard", 6006, "/ingress/other/")])
        #expect(up.states == ["tensorboard": .stopping])
        #expect(up.route(of: "tensorboard")?.prefix == PathPrefix(known: "/ingress/other/"))
        #expect(up.route(of: "tensorboard")?.backend == nil)
    }

    @Test func portsThatAreSwappedRelaunchNothing() {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard, door: DoorUse()), .fake(.jupyter, door: DoorUse())]
        }
        up.send(.started)
        up.read([.board, .lab])
        up.pass(.seconds(1))
        up.read([
            IngressRule("tensorboard", 8888, "/ingress/board/"), IngressRule("jupyter", 6006, "/ingress/lab/"),
        ])
        #expect(up.running.values.map(\.pid).sorted() == [100, 101])
        #expect(up.route(of: "tensorboard")?.port == 8888 && up.route(of: "jupyter")?.port == 6006)
        #expect(up.door.accepting == [6006, 8888])
    }

    @Test func twoAppsMayShareAPort() {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard, door: DoorUse()), .fake(.jupyter, door: DoorUse())]
        }
        up.send(.started)
        up.read([.board, IngressRule("jupyter", 6006, "/ingress/lab/")])
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .ready] && up.door.open == [6006])
        #expect(up.door.routes.routes.count == 2)
    }

    // MARK: Two apps at one address

    private static let atTheSame = IngressRule("jupyter", 6006, "/ingress/board/")

    private func two(_ first: [IngressRule], _ use: DoorUse = DoorUse()) -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard, door: use), .fake(.jupyter, door: use)]
        }
        up.send(.started)
        up.read(first)
        up.pass(.seconds(1))
        return up
    }

    private func messages(_ effects: [SupervisorEffect]) -> String {
        effects.compactMap { if case .log(let entry) = $0 { entry.message } else { nil } }.joined(separator: "\n")
    }

    /// The second one is refused as without a door, and takes its turn when the first is gone.
    @Test func theSecondOfTwoWaits() {
        var direct = SupervisorDriver { $0.apps = [.fake(.tensorBoard), .fake(.jupyter)] }
        direct.send(.started)
        let said = messages(direct.read([.board, Self.atTheSame]))
        let refusal = "cannot start jupyter: port 6006 is in use by tensorboard; trying again until it can"
        #expect(said.contains(refusal))
        var up = two([.board, Self.atTheSame])
        #expect(messages(up.takeDone()).contains(refusal))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .backingOff] && up.running.count == 1)
        #expect(up.door.routes.routes.map(\.app) == ["tensorboard"])
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.pass(.seconds(10))
        #expect(up.states == ["tensorboard": .stopped, "jupyter": .ready])
        #expect(
            up.door.routes.routes.map(\.app) == ["jupyter"], "an app that runs is shown, and not one that is stopped")
        up.send(.command(.start(app: "tensorboard"), number: 2))
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .backingOff, "jupyter": .ready])
    }

    @Test(arguments: [DoorUse(), DoorUse(strips: true)]) func aRuleThatGetsTheAddressOfAnother(use: DoorUse) {
        for movesFirst in [false, true] {
            var up = two([.board, .lab], use)
            let (first, second) = movesFirst ? ("jupyter", "tensorboard") : ("tensorboard", "jupyter")
            up.read(movesFirst ? [IngressRule("tensorboard", 8888, "/ingress/lab/"), .lab] : [.board, Self.atTheSame])
            up.pass(.seconds(1))
            #expect(up.states == [first: .ready, second: .backingOff], "\(use)")
            #expect(up.door.routes.routes.map(\.app) == [first])
            #expect(messages(up.takeDone()).contains("is in use by \(first); trying again until it can"))
            up.read([.board, .lab])
            up.pass(.seconds(10))
            #expect(up.states == [first: .ready, second: .ready] && up.door.routes.routes.count == 2)
        }
    }

    /// Whoever looks at the page of the app that stays sees nothing of the one that makes room.
    @Test func anAppThatMakesRoomIsNotShown() {
        var up = two([.board, .lab], DoorUse(strips: true))
        up.stopsAtOnce = false
        up.read([IngressRule("tensorboard", 8888, "/ingress/lab/"), .lab])
        #expect(up.states == ["tensorboard": .stopping, "jupyter": .ready])
        #expect(up.door.routes.routes.map(\.app) == ["jupyter"])
        up.send(.command(.stop(app: "jupyter"), number: 1))
        #expect(up.states == ["tensorboard": .stopping, "jupyter": .stopping])
        #expect(up.door.routes.routes.count == 1, "the address still has a page")
    }

    /// Both move to the same address at once: the first app of the list gets it.
    @Test func twoThatMoveToOneAddress() {
        var up = two([.board, .lab], DoorUse(strips: true))
        up.read([IngressRule("tensorboard", 7007, "/ingress/new/"), IngressRule("jupyter", 7007, "/ingress/new/")])
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .backingOff])
        #expect(up.running["tensorboard"]?.pid == 100, "it was moved, and not started again")
    }

    @Test func addressesThatAreSwappedRelaunchNothing() {
        var up = two([.board, .lab], DoorUse(strips: true))
        up.read([
            IngressRule("tensorboard", 8888, "/ingress/lab/"), IngressRule("jupyter", 6006, "/ingress/board/"),
        ])
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .ready])
        #expect(up.running.values.map(\.pid).sorted() == [100, 101])
    }

    /// The door takes a character and its escape for the same.
    @Test func prefixesThatDifferInEscapesAreTheSame() {
        let up = two([IngressRule("tensorboard", 6006, "/in/a@b/"), IngressRule("jupyter", 6006, "/in/a%40b/")])
        #expect(up.states == ["tensorboard": .ready, "jupyter": .backingOff])
    }

    @Test func anAppWithoutADoorTakesTheDoorsPortOverWhenItsRuleMoves() {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard, door: DoorUse()), .fake(.jupyter)]
        }
        up.send(.started)
        up.read([.board, .lab])
        up.pass(.seconds(1))
        up.read([
            IngressRule("tensorboard", 7007, "/ingress/board/"), IngressRule("jupyter", 6006, "/ingress/lab/"),
        ])
        up.pass(.seconds(1))
        #expect(up.door.open == [7007] && up.ports == ["jupyter": 6006])
    }

    // MARK: Ports of others

    @Test func aPortInUseIsABackoffWithItsReason() {
        var up = serving()
        up.foreignPorts = [6006]
        up.read([.board])
        #expect(up.states == ["tensorboard": .backingOff] && up.running.isEmpty)
        let said = up.takeDone().contains {
            if case .log(let entry) = $0 {
                entry.message.contains("port 6006 is in use by python3 (pid 7)")
            } else {
                false
            }
        }
        #expect(said)
        up.foreignPorts = []
        up.pass(.seconds(6))
        #expect(up.states == ["tensorboard": .ready])
    }

    @Test func anAppGoesOnWhileTheNewPortIsInUse() {
        var up = serving()
        up.foreignPorts = [7007]
        up.read([.board])
        up.pass(.seconds(1))
        up.read([IngressRule("tensorboard", 7007, "/ingress/board/")])
        let report = up.supervisor.report.apps.first
        #expect(report?.state == .ready && report?.isReady == false)
        #expect(report?.reason?.contains("port 7007 is in use") ?? false)
        up.foreignPorts = []
        up.pass(.seconds(6))
        #expect(up.supervisor.report.apps.first?.isReady == true && up.running["tensorboard"]?.pid == 100)
    }

    @Test func besideAJobAPortThatTheJobTakesIsLeftToIt() {
        var up = SupervisorDriver { options in
            options.automatic = [.fake(.tensorBoard, door: DoorUse())]
            options.jobStartedAt = SupervisorDriver.jobStart
        }
        up.send(.started)
        up.read([.board])
        #expect(up.door.open.isEmpty, "the job may want the port")
        up.foreignPorts = [6006]
        up.pass(.seconds(30))
        #expect(up.states.isEmpty && up.supervisor.automatic.external["tensorboard"] == .board)
        #expect(up.door.open.isEmpty)
    }

    @Test func besideAJobAFreePortIsTaken() {
        var up = SupervisorDriver { options in
            options.automatic = [.fake(.tensorBoard, door: DoorUse())]
            options.jobStartedAt = SupervisorDriver.jobStart
        }
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(30))
        #expect(up.states == ["tensorboard": .ready] && up.door.accepting == [6006])
    }

    @Test func anAppThatIsReleasedGivesUpItsPort() {
        var up = serving()
        up.read([.board])
        up.pass(.seconds(1))
        up.send(.command(.release(app: "tensorboard"), number: 1))
        #expect(up.states == ["tensorboard": .stopped] && up.door.open.isEmpty && up.door.routes.routes.isEmpty)
        up.send(.command(.start(app: "tensorboard"), number: 2))
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.door.accepting == [6006])
    }

    // MARK: The login

    private func key(_ text: String) -> LoginKey {
        guard let key = try? LoginKey(text) else { preconditionFailure("\(text) is a key") }
        return key
    }

    private func links(_ effects: [SupervisorEffect]) -> [String] {
        effects.compactMap { effect in
            if case .log(let entry) = effect, entry.message.contains(": open ") { entry.message } else { nil }
        }
    }

    /// A page says so, for the path has a rule.
    @Test func nobodyGetsInBeforeTheKeyIsKnown() {
        var up = serving(DoorUse(hasLogin: true))
        up.read([.board])
        up.pass(.seconds(1))
        let route = up.route(of: "tensorboard")
        #expect(up.states == ["tensorboard": .ready] && route?.lock == DoorLock())
        #expect(route?.target == nil && route?.login == nil)
        up.send(.login(app: "tensorboard", key("secret key")))
        let open = up.route(of: "tensorboard")
        #expect(open?.login == DoorLogin(key: "secret key".utf8) && open?.lock == nil && open?.target != nil)
    }

    @Test(arguments: [
        (LaunchFailure.noKey(file: "/k", why: "No such file"), "the key of its login cannot be read: No such file"),
        (.noKey(file: nil, why: "no memory"), "a key for its login cannot be made: no memory"),
    ])
    func aKeyThatCannotBeHad(failure: LaunchFailure, text: String) {
        var up = serving(DoorUse(hasLogin: true))
        up.launchesAtOnce = false
        up.read([.board])
        up.send(.app("tensorboard", .launchFailed(failure)))
        let route = up.route(of: "tensorboard")
        #expect(route?.state.state == .backingOff && route?.lock == DoorLock(failure: text) && route?.target == nil)
        #expect(route?.state.reason == failure.reason)
        up.send(.login(app: "tensorboard", key("secret key")))
        #expect(up.route(of: "tensorboard")?.lock == nil)
        // A key that is known goes on, whatever becomes of the file.
        up.send(.app("tensorboard", .launchFailed(failure)))
        #expect(up.route(of: "tensorboard")?.login == DoorLogin(key: "secret key".utf8))
        #expect(up.route(of: "tensorboard")?.lock == nil)
    }

    // MARK: The output

    @Test(arguments: [true, false]) func theOutputIsShownWhileTheAppIsNotReady(hasLogin: Bool) {
        var up = serving(DoorUse(hasLogin: hasLogin))
        up.answersChecks = false
        up.read([.board])
        up.send(.login(app: "tensorboard", key("secret key")))
        up.pass(.seconds(1))
        #expect(up.takeDone().contains(.app("tensorboard", .readOutput)) == hasLogin)
        guard hasLogin else { return }
        up.send(.output(app: "tensorboard", ["loading"]))
        #expect(up.route(of: "tensorboard")?.state.lastLines == ["loading"])
        up.send(.output(app: "tensorboard", []))
        #expect(up.route(of: "tensorboard")?.state.lastLines == ["loading"], "a new process has said nothing yet")
        up.send(.app("tensorboard", .checked(.answered(status: 200))))
        #expect(up.route(of: "tensorboard")?.state.lastLines == [])
        up.send(.app("tensorboard", .lastWords(["no memory"])))
        up.end("tensorboard", .exited(code: 1))
        #expect(up.route(of: "tensorboard")?.state.lastLines == ["no memory"])
    }

    @Test func theLinkIsLoggedOnceWhenTheAppIsReady() {
        var up = serving(DoorUse(hasLogin: true)) { $0.publicHost = try? PublicHost("crater.example.org") }
        up.read([.board])
        up.send(.login(app: "tensorboard", key("secret+key")))
        let before = links(up.takeDone())
        up.pass(.seconds(1))
        let link = "https://crater.example.org/ingress/board/#key=secret%2Bkey"
        let atReadiness = links(up.takeDone())
        #expect(before.isEmpty && atReadiness == ["tensorboard: open \(link)"])
        #expect(up.supervisor.report.apps.first?.link == link)
        #expect(up.supervisor.report.withoutReasons.apps.first?.link == nil)
        up.end("tensorboard", .exited(code: 1))
        up.send(.login(app: "tensorboard", key("secret+key")))
        up.pass(.seconds(5))
        let afterRestart = links(up.takeDone())
        #expect(up.states == ["tensorboard": .ready] && afterRestart.isEmpty)
        let another = links(up.send(.login(app: "tensorboard", key("another key"))))
        #expect(another.count == 1, "another key is another link")
    }

    @Test func aKeyIsInNoDescription() {
        #expect(!"\(key("secret key"))".contains("secret"))
        #expect(!String(reflecting: key("secret key")).contains("secret"))
        #expect(!"\(SupervisorEvent.login(app: "a", key("secret key")))".contains("secret"))
    }
}
