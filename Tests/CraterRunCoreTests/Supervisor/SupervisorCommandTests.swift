import CraterRunCore
import Testing

/// Commands to the supervisor of several apps, and what it reports.
struct SupervisorCommandTests {
    /// Two apps that are ready.
    private func twoApps() -> SupervisorDriver {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, .lab])
        up.pass(.seconds(1))
        #expect(Set(up.states.values) == [.ready])
        return up
    }

    @Test func stopsOneAppAndLeavesTheOther() throws {
        var up = twoApps()
        let lab = try #require(up.running["jupyter"]).pid
        up.send(.command(.stop(app: "tensorboard"), number: 7))
        #expect(up.answers == [7: .accepted(app: "tensorboard", message: "tensorboard: stopping")])
        #expect(up.states == ["tensorboard": .stopped, "jupyter": .ready])
        #expect(up.running["jupyter"]?.pid == lab && up.exitCode == nil)
    }

    @Test func theAnswerSaysHowItStands() {
        var up = twoApps()
        for (number, command) in [ControlCommand.start(app: "jupyter"), .restart(app: "jupyter")].enumerated() {
            up.send(.command(command, number: UInt64(number)))
        }
        #expect(up.answers[0] == .accepted(app: "jupyter", message: "jupyter: ready"))
        #expect(up.answers[1] == .accepted(app: "jupyter", message: "jupyter: stopping"))
    }

    @Test func oneThatIsStoppedIsNotStartedByItsRule() {
        var up = twoApps()
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([IngressRule("tensorboard", 6006, "/ingress/new/"), .lab])
        up.pass(.seconds(3600))
        #expect(up.states["tensorboard"] == .stopped && up.running["tensorboard"] == nil)
        up.send(.command(.start(app: "tensorboard"), number: 2))
        #expect(up.running["tensorboard"]?.rule.prefix == PathPrefix(known: "/ingress/new/"))
        up.pass(.seconds(1))
        #expect(up.states["tensorboard"] == .ready)
    }

    @Test func oneThatIsStoppedStaysSoWhereItsRuleGoesAndComesBack() {
        var up = twoApps()
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([.lab])
        #expect(up.states["tensorboard"] == .stopped)
        up.read([.board, .lab])
        up.read([.lab])
        up.read([IngressRule("tensorboard", 7007, "/ingress/new/"), .lab])
        up.pass(.seconds(3600))
        #expect(up.states["tensorboard"] == .stopped && up.running["tensorboard"] == nil)
        up.send(.command(.start(app: "tensorboard"), number: 2))
        #expect(up.running["tensorboard"]?.rule.port == 7007)
    }

    @Test func itsStopIsNoOtherRules() {
        var up = twoApps()
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([IngressRule("tb", 7007, "/ingress/tb/"), .lab])
        #expect(up.running.values.map(\.rule.port).contains(7007))
        #expect(up.states["tensorboard"] == .stopped)
    }

    @Test func oneThatIsStoppedWhileItsRuleIsGoneStaysSo() {
        var up = twoApps()
        up.read([.lab])
        #expect(up.running["tensorboard"] != nil)
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([.board, .lab])
        up.pass(.seconds(3600))
        #expect(up.states["tensorboard"] == .stopped)
    }

    @Test func restartsOneApp() throws {
        var up = twoApps()
        let (board, lab) = (try #require(up.running["tensorboard"]).pid, try #require(up.running["jupyter"]).pid)
        up.send(.command(.restart(app: "tensorboard"), number: 1))
        #expect(up.running["tensorboard"]?.pid != board && up.running["jupyter"]?.pid == lab)
    }

    @Test(arguments: [ControlCommand.start(app: "visdom"), .stop(app: "visdom"), .restart(app: "")])
    func anUnknownNameIsAnsweredWithTheKnownOnes(command: ControlCommand) {
        var up = twoApps()
        _ = up.takeDone()
        up.send(.command(command, number: 3))
        #expect(up.answers == [3: .unknown(names: ["jupyter", "tensorboard"])])
        #expect(up.takeDone().count == 1)
    }

    @Test(arguments: [
        ControlCommand.start(app: "tensorboard"), .stop(app: "tensorboard"), .restart(app: "tensorboard"),
        .serve(.fake(.visdom)), .start(app: "nobody"),
    ])
    func nothingIsFollowedWhileItStops(command: ControlCommand) {
        var up = twoApps()
        up.stopsAtOnce = false
        up.send(.signal(.terminate))
        up.send(.command(command, number: 4))
        #expect(up.answers == [4: .refused(reason: "crater-run is stopping")])
        up.end("tensorboard")
        up.end("jupyter")
        #expect(up.exitCode == 143)
    }

    /// Whoever stops an app may want its port for something else.
    @Test func theOtherAppGetsThePortOfOneThatIsStopped() {
        var up = twoApps()
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([.board, .lab, IngressRule("visdom", 6006, "/ingress/plots/")])
        #expect(up.ports == ["visdom": 6006, "jupyter": 8888])
        up.send(.command(.start(app: "tensorboard"), number: 2))
        up.pass(.seconds(1))
        #expect(up.states["tensorboard"] == .backingOff && up.states["visdom"] == .ready)
    }

    // MARK: Hand-overs

    @Test func whatATerminalHandsOverIsOpenedAndFindsItsRule() throws {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.read([.board, .plots])
        var definition = AppDefinition.fake(.visdom)
        definition.surroundings = LaunchSurroundings(directory: "/home/a", environment: [Array("A=b".utf8)])
        up.send(.command(.serve(definition), number: 1))
        #expect(up.answers == [1: .accepted(app: "visdom", message: "visdom: starting")])
        #expect(up.ports == ["tensorboard": 6006, "visdom": 8097])
        #expect(up.done.contains(.open(app: "visdom", definition)))
        #expect(up.done.messages.contains("visdom: taken over from a terminal"))
        // It stays when its rule goes, as any app that was named.
        up.read([.board])
        up.end("visdom", .exited(code: 1))
        up.pass(.seconds(60))
        #expect(up.states["visdom"] == .waiting)
        up.read([.board, .plots])
        #expect(up.ports["visdom"] == 8097)
    }

    @Test func withoutARuleAHandOverWaits() {
        var up = SupervisorDriver { _ in }
        up.send(.started)
        up.send(.command(.serve(.fake(.visdom)), number: 1))
        #expect(up.answers == [1: .accepted(app: "visdom", message: "visdom: waiting")])
        up.read([.plots])
        #expect(up.ports == ["visdom": 8097])
    }

    @Test func aHandOverWithItsOwnPlaceNeedsNoRule() {
        var up = SupervisorDriver { _ in }
        up.send(.started)
        let place = IngressRule("visdom", 9000, "/")
        up.send(.command(.serve(.fake(.visdom, fixedRule: place)), number: 1))
        #expect(up.ports == ["visdom": 9000])
        up.send(.command(.serve(.fake(.visdom, fixedRule: place)), number: 2))
        #expect(up.answers[2] == .refused(reason: "visdom is served already, and is starting"))
    }

    @Test func aDuplicateIsRefused() {
        var up = twoApps()
        _ = up.takeDone()
        for (number, definition) in [
            AppDefinition.fake(.tensorBoard, ruleName: "tensorboard"),
            AppDefinition.fake(.tensorBoard, fixedRule: .board),
        ].enumerated() {
            up.send(.command(.serve(definition), number: UInt64(number)))
            #expect(up.answers[UInt64(number)] == .refused(reason: "tensorboard is served already, and is ready"))
        }
        #expect(up.takeDone().count == 2)
    }

    @Test func asAlsoWhereItWaitsForItsRule() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.send(.command(.serve(.fake(.tensorBoard)), number: 1))
        #expect(up.answers[1] == .refused(reason: "tensorboard is served already, and is waiting"))
    }

    @Test func anotherOfItsKindGetsAFreeName() {
        var up = twoApps()
        up.read([.board, .lab, IngressRule("more", 7000, "/ingress/more/")])
        up.send(.command(.serve(.fake(.tensorBoard, ruleName: "more")), number: 1))
        #expect(up.answers[1] == .accepted(app: "tensorboard-2", message: "tensorboard-2: starting"))
        #expect(up.ports["tensorboard-2"] == 7000)
        up.send(.command(.stop(app: "tensorboard-2"), number: 2))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .ready, "tensorboard-2": .stopped])
    }

    // MARK: The report

    @Test func reportsWhoServesWhichRule() {
        var up = SupervisorDriver.automatic(besideJob: true)
        up.foreignPorts = [8888]
        up.send(.started)
        #expect(!up.supervisor.report.hasRules)
        up.read([.board, .lab, IngressRule("other", 9000, "/ingress/other/")])
        #expect(up.supervisor.report.services == ["jupyter": .pending, "other": .none, "tensorboard": .pending])
        up.pass(.seconds(30))
        let report = up.supervisor.report
        #expect(report.hasRules && !report.isStopping)
        #expect(report.services == ["jupyter": .external, "other": .none, "tensorboard": .app("tensorboard")])
        #expect(report.apps.map(\.name) == ["tensorboard"])
        #expect(report.apps.first?.isReady == true && report.apps.first?.servedRule == .board)
        up.send(.signal(.terminate))
        #expect(up.supervisor.report.isStopping)
    }

    @Test func reportsWhatIsWrongWithTheFileUntilItIsMended() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.send(.rules(.failed(.missing(path: "/etc/podinfo/annotations"))))
        #expect(
            up.supervisor.report.complaint == AnnotationsReadFailure.missing(path: "/etc/podinfo/annotations").summary)
        #expect(!up.supervisor.report.hasRules)
        up.read([.board])
        #expect(up.supervisor.report.complaint == nil && up.supervisor.report.ruleReloads == 0)
        up.read([.board, .lab])
        up.read([.board, .lab], and: ["kubernetes.io/config.seen=\"later\""])
        #expect(up.supervisor.report.ruleReloads == 1)
        up.send(.rules(.read(IngressRules([.board]), complaints: ["line 3"])))
        #expect(up.supervisor.report.complaint == "line 3" && up.supervisor.report.ruleReloads == 1)
    }

    @Test func reportsWhyAnAppWaitsOrWasStopped() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard), .fake(.visdom)] }
        up.send(.started)
        up.read([.plots])
        up.send(.command(.stop(app: "visdom"), number: 1))
        let reasons = Dictionary(uniqueKeysWithValues: up.supervisor.report.apps.map { ($0.name, $0.reason) })
        #expect(reasons["visdom"] == "stopped on request")
        #expect(reasons["tensorboard"]??.contains("waiting for an ingress rule named tensorboard") == true)
    }
}

extension SupervisorReport {
    /// Who serves each rule, by its name.
    fileprivate var services: [String: RuleReport.Service] {
        Dictionary(rules.map { ($0.rule.name, $0.service) }, uniquingKeysWith: { first, _ in first })
    }
}
