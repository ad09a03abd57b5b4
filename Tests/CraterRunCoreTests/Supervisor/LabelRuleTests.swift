import CraterRunCore
import Testing

/// The rule that is derived from the Pod's label, which the platform gives to every Pod: for a Jupyter that somebody asks for.
struct LabelRuleTests {
    private static let place = IngressRule("jupyter", 8888, "/ingress/u-12345/")

    @Test(arguments: [false, true]) func opensNothingByItself(besideJob: Bool) {
        var up = SupervisorDriver.automatic(besideJob: besideJob)
        up.send(.started)
        up.read([], label: "u-12345")
        up.pass(.seconds(60))
        #expect(up.supervisor.apps.isEmpty && up.supervisor.automatic.external.isEmpty)
        #expect(up.supervisor.report.rules == [])
        #expect(up.done.messages == [])
        #expect(ReadyWhen.any.obstacle(in: up.supervisor.report) == nil)
        up.read([.board], label: "u-12345")
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .ready])
        #expect(up.supervisor.report.rules.map(\.rule.name) == ["tensorboard"])
    }

    @Test(arguments: [false, true]) func servesAJupyterThatIsNamed(automatic: Bool) throws {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.jupyter)]
            if automatic { options.automatic = [.tensorBoard, .jupyter].map { .fake($0) } }
        }
        up.send(.started)
        up.read([.board], label: "u-12345")
        up.pass(.seconds(1))
        #expect(up.states == (automatic ? ["jupyter": .ready, "tensorboard": .ready] : ["jupyter": .ready]))
        #expect(up.running["jupyter"]?.rule == LabelRuleTests.place)
        let row = try #require(up.supervisor.report.rules.last)
        #expect(row == RuleReport(rule: LabelRuleTests.place, .app("jupyter"), isDerived: true))
        // A rule of the user's own goes before it.
        up.read([.board, .lab], label: "u-12345")
        up.pass(.seconds(1))
        #expect(up.running["jupyter"]?.rule == .lab)
        #expect(up.supervisor.report.rules.allSatisfy { !$0.isDerived })
    }

    @Test func servesAJupyterByHand() {
        var jupyter = SupervisorDriver.foreground(wait: .zero) { $0.apps = [.fake(.jupyter)] }
        jupyter.send(.started)
        #expect(jupyter.read([.board], label: "u-12345") == [.app("jupyter", .launch(LabelRuleTests.place))])
        #expect(jupyter.supervisor.report.rules.last?.isDerived == true)
        var board = SupervisorDriver.foreground()
        board.send(.started)
        board.read([.board], label: "u-12345")
        #expect(board.supervisor.report.rules.map(\.rule.name) == ["tensorboard"])
    }

    @Test func aLabelThatMakesNoRuleIsToldWhereJupyterIsAskedForAlone() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board], label: "x")
        #expect(!up.done.messages.contains { $0.contains("label") })
        var asking = SupervisorDriver { $0.apps = [.fake(.jupyter)] }
        asking.send(.started)
        asking.read([], label: "x")
        #expect(asking.done.messages.contains { $0.hasPrefix("cannot use the label crater.raids.io/base-url") })
    }
}
