import CraterRunCore
import Testing

/// Commands to the supervisor of one app, and what it reports.
struct ForegroundCommandTests {
    private func ready() -> SupervisorDriver {
        var app = SupervisorDriver.foreground()
        app.startAndBecomeReady()
        return app
    }

    private func accepted(_ state: String, _ number: UInt64) -> SupervisorEffect {
        .answer(.accepted(app: "tensorboard", message: "tensorboard: \(state)"), to: number)
    }

    /// Its app is all that it is there for.
    @Test func stoppingItsAppEndsIt() {
        var app = ready()
        let effects = app.send(.command(.stop(app: "tensorboard"), number: 5))
        #expect(
            effects.actions == [
                accepted("stopping", 5), .app(.signal(.terminate, .group)), .app(.signal(.resume, .group)),
            ])
        #expect(effects.messages.contains("asked to stop"))
        #expect(app.supervisor.report.isStopping)
        #expect(app.end(.signaled(.terminate)).actions == [.exit(143)])
    }

    /// The answer comes before the end, after which nobody is left to give it.
    @Test func oneThatWaitsEndsAtOnceAndAnswersFirst() {
        var app = SupervisorDriver.foreground(wait: nil)
        app.send(.started)
        app.read([])
        #expect(
            app.send(.command(.stop(app: "tensorboard"), number: 1)).actions == [accepted("stopped", 1), .exit(143)])
    }

    @Test func restartsAndLeavesWhatRunsAlone() {
        var app = ready()
        #expect(app.send(.command(.start(app: "tensorboard"), number: 1)) == [accepted("ready", 1)])
        #expect(app.send(.command(.restart(app: "tensorboard"), number: 2)).actions.first == accepted("stopping", 2))
        #expect(app.end(.signaled(.terminate)).actions == [.app(.launch(.first))])
        app.becomeReady(pid: 101)
    }

    @Test(arguments: [ControlCommand.start(app: "jupyter"), .stop(app: "jupyter"), .restart(app: "tb")])
    func anUnknownNameIsAnsweredWithItsOwn(command: ControlCommand) {
        var app = ready()
        let effects = app.send(.command(command, number: 2))
        #expect(effects == [.answer(.unknown(names: ["tensorboard"]), to: 2)])
    }

    @Test(arguments: [
        ControlCommand.start(app: "tensorboard"), .stop(app: "tensorboard"), .restart(app: "tensorboard"),
    ])
    func nothingIsFollowedWhileItStops(command: ControlCommand) {
        var app = ready()
        app.send(.signal(.terminate))
        #expect(
            app.send(.command(command, number: 3)) == [.answer(.refused(reason: "crater-run is stopping"), to: 3)])
        #expect(app.end(.signaled(.terminate)).actions == [.exit(143)])
    }

    @Test func takesNothingOver() throws {
        var app = ready()
        let effects = app.send(.command(.serve(.fake(.visdom)), number: 4))
        guard case .answer(.refused(let reason), to: 4) = try #require(effects.first) else {
            Issue.record("\(effects)")
            return
        }
        #expect(effects.count == 1 && reason.contains("serves tensorboard alone") && reason.contains("crater-run up"))
    }

    @Test func anImpatientSignalAfterTheStopKills() {
        var app = ready()
        app.send(.command(.stop(app: "tensorboard"), number: 1))
        app.pass(.seconds(1))
        #expect(app.send(.signal(.interrupt)).contains(.app(.signal(.kill, .tree))))
    }

    // MARK: The report

    @Test func reportsItsAppAndWhichRuleIsItsOwn() throws {
        var app = SupervisorDriver.foreground()
        app.send(.started)
        #expect(!app.supervisor.report.hasRules)
        app.read([.first, .lab])
        app.becomeReady()
        let report = app.supervisor.report
        #expect(report.hasRules && !report.isStopping && report.complaint == nil)
        let own = try #require(report.apps.first)
        #expect(own.name == "tensorboard" && own.isReady && own.rule == .first && own.pid == 100)
        #expect(report.rules.map(\.app) == (report.rules.map { $0.rule.name == "tensorboard" ? "tensorboard" : nil }))
        #expect(report.rules.count == 2)
    }

    @Test func reportsWhyItWaits() {
        var app = SupervisorDriver.asProcessOne()
        app.send(.started)
        app.failToRead("/not/there")
        let report = app.supervisor.report
        #expect(report.apps.first?.state == .waiting)
        #expect(report.apps.first?.reason?.contains("/not/there") == true)
        #expect(report.complaint?.contains("/not/there") == true)
        app.read([])
        #expect(app.supervisor.report.complaint == nil && app.supervisor.report.hasRules)
    }

    @Test func aFixedPlaceNeedsNoRules() {
        var app = SupervisorDriver.foreground { $0.apps[0].fixedRule = .third }
        app.send(.started)
        let report = app.supervisor.report
        #expect(report.hasRules && report.rules.isEmpty && report.apps.first?.rule == .third)
    }
}
