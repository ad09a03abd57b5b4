import CraterRunCore
import Testing

/// What users ask of the supervisor of several apps, and what it shows them.
struct UpRequestTests {
    private func serving() -> UpDriver {
        var up = UpDriver.automatic()
        up.send(.started)
        up.read([.board, .lab])
        up.pass(.seconds(1))
        #expect(Set(up.states.values) == [.ready])
        return up
    }

    @Test func oneAppIsStoppedAndStartedAndNoOther() throws {
        var up = serving()
        let lab = try #require(up.running["jupyter"]).pid
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        #expect(up.states == ["tensorboard": .stopped, "jupyter": .ready])
        guard case .accepted("tensorboard", _) = up.answers[1] else { return #expect(up.answers[1] == nil) }
        up.pass(.seconds(3600))
        #expect(up.states["tensorboard"] == .stopped)
        up.send(.command(.start(app: "tensorboard"), number: 2))
        up.send(.command(.restart(app: "tensorboard"), number: 3))
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .ready])
        #expect(up.running["jupyter"]?.pid == lab)
        #expect(up.supervisor.report.apps.map(\.history.launches) == [1, 3])
    }

    @Test func anUnknownAppIsAnsweredWithThoseThatThereAre() {
        var up = serving()
        up.send(.command(.restart(app: "nonsense"), number: 5))
        #expect(up.answers == [5: .unknown(names: ["jupyter", "tensorboard"])])
    }

    @Test func nothingIsStartedWhileEverythingStops() {
        var up = UpDriver.automatic(besideJob: true)
        up.send(.started)
        up.pass(.seconds(20))
        up.read([.board])
        up.stopsAtOnce = false
        up.send(.signal(.terminate))
        up.send(.command(.start(app: "tensorboard"), number: 1))
        up.send(.command(.serve(.fake(.visdom)), number: 2))
        let refused = ControlAnswer.refused(reason: "crater-run is stopping")
        #expect(up.answers == [1: refused, 2: refused])
        #expect(up.supervisor.report.isStopping)
    }

    // MARK: Apps that are handed over

    @Test func anAppThatIsHandedOverIsServedByItsRule() {
        var up = UpDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.read([.board, .plots])
        up.send(.command(.serve(.fake(.visdom)), number: 1))
        #expect(up.ports == ["tensorboard": 6006, "visdom": 8097])
        #expect(up.answers[1] == .accepted(app: "visdom", message: "visdom: starting"))
    }

    @Test func itWaitsForARuleThatIsNotThereYet() {
        var up = UpDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.send(.command(.serve(.fake(.visdom)), number: 1))
        up.read([.board])
        #expect(up.states["visdom"] == .waiting)
        up.read([.board, .plots])
        #expect(up.ports["visdom"] == 8097)
    }

    @Test func aSecondOneOfAKindGetsANameOfItsOwn() {
        var up = UpDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.read([.board, IngressRule("old", 6007, "/ingress/old/")])
        up.send(.command(.serve(.fake(.tensorBoard, ruleName: "old")), number: 1))
        #expect(up.ports == ["tensorboard": 6006, "tensorboard-2": 6007])
    }

    @Test func whatIsServedAlreadyIsRefused() {
        var up = UpDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        up.read([.board])
        up.send(.command(.serve(.fake(.tensorBoard)), number: 1))
        up.send(.command(.serve(.fake(.tensorBoard, fixedRule: .board)), number: 2))
        let refused = ControlAnswer.refused(reason: "tensorboard is served already, and is starting")
        #expect(up.answers == [1: refused, 2: refused])
    }

    // MARK: What it shows

    @Test func itShowsWhoServesWhichRule() {
        var up = UpDriver.automatic(besideJob: true)
        up.foreignPorts = [8888]
        up.send(.started)
        up.read([.board, .lab, IngressRule("other", 9000, "/ingress/other/")])
        func services() -> [String: RuleReport.Service] {
            Dictionary(up.supervisor.report.rules.map { ($0.rule.name, $0.service) }, uniquingKeysWith: { $1 })
        }
        // The job has its time first.
        #expect(services() == ["tensorboard": .pending, "jupyter": .pending, "other": .none])
        #expect(ReadyWhen.any.obstacle(in: up.supervisor.report) != nil)
        up.pass(.seconds(21))
        #expect(services() == ["tensorboard": .app("tensorboard"), "jupyter": .external, "other": .none])
        #expect(ReadyWhen.any.obstacle(in: up.supervisor.report) == nil)
    }

    @Test func itCountsReadingsThatBroughtOtherRules() {
        var up = UpDriver.automatic()
        up.send(.started)
        #expect(!up.supervisor.report.hasRules)
        up.read([.board])
        up.read([.board])
        #expect(up.supervisor.report.hasRules && up.supervisor.report.ruleReloads == 0)
        up.read([.lab])
        #expect(up.supervisor.report.ruleReloads == 1)
        up.send(.rules(.failed(.missing(path: "/etc/podinfo/annotations"))))
        #expect(up.supervisor.report.complaint?.contains("no such file") == true)
        up.read([.lab])
        #expect(up.supervisor.report.complaint == nil)
    }
}

/// The same of the supervisor of one app.
struct ForegroundRequestTests {
    @Test func itsAppIsStartedAgain() {
        var app = ForegroundDriver.asProcessOne()
        app.startAndBecomeReady()
        let effects = app.send(.command(.restart(app: "tensorboard"), number: 1))
        #expect(effects.first == .answer(.accepted(app: "tensorboard", message: "tensorboard: stopping"), to: 1))
        #expect(app.state == .stopping)
        #expect(app.end(.exited(code: 0)).actions == [.app(.launch(.first))])
    }

    @Test func itEndsWithItsApp() {
        var app = ForegroundDriver()
        app.startAndBecomeReady()
        app.send(.command(.stop(app: "tensorboard"), number: 1))
        #expect(app.supervisor.report.isStopping)
        #expect(
            app.send(.command(.start(app: "tensorboard"), number: 2)) == [
                .answer(.refused(reason: "crater-run is stopping"), to: 2)
            ])
        #expect(app.end(.exited(code: 0)).actions == [.exit(0)])
    }

    @Test func itKnowsNoOtherAppAndTakesNoneOver() {
        var app = ForegroundDriver()
        app.startAndBecomeReady()
        #expect(
            app.send(.command(.stop(app: "visdom"), number: 1)) == [.answer(.unknown(names: ["tensorboard"]), to: 1)])
        guard case .answer(.refused(let reason), to: 2) = app.send(.command(.serve(.fake(.visdom)), number: 2)).first
        else { return #expect(Bool(false), "it is refused") }
        #expect(reason.contains("crater-run up"))
        #expect(app.state == .ready)
    }

    @Test func itShowsItsAppAndItsRule() {
        var app = ForegroundDriver()
        app.send(.started)
        #expect(!app.supervisor.report.hasRules)
        app.read([.lab])
        #expect(app.supervisor.report.apps.first?.reason?.contains("waiting") == true)
        app.read([.lab, .first])
        app.becomeReady()
        let report = app.supervisor.report
        #expect(report.rules.map(\.service) == [.none, .app("tensorboard")])
        #expect(report.apps.map(\.state) == [.ready] && report.ruleReloads == 1)
    }
}
