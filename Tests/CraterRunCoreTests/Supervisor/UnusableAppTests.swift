import CraterRunCore
import Testing

/// Apps whose line cannot be used: never served, and never forgotten.
struct UnusableAppTests {
    private static let board = UnusableApp(name: "tensorboard", reason: "Unknown option '--logdirr'")
    private static let condition = "its app line cannot be used: Unknown option '--logdirr'"

    private func driver(_ change: (inout SupervisorOptions) -> Void = { _ in }) -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.unusable = [UnusableAppTests.board]
            options.jobStartedAt = SupervisorDriver.jobStart
            change(&options)
        }
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(30))
        return up
    }

    @Test func isShownAsFailedWithItsReason() throws {
        let up = driver()
        #expect(up.done.isEmpty)
        let app = try #require(up.supervisor.report.apps.first)
        #expect(up.supervisor.report.apps.count == 1)
        #expect((app.name, app.state, app.reason) == ("tensorboard", .failed, UnusableAppTests.condition))
        #expect(app.isUnusable && app.rule == nil && app.pid == nil)
    }

    @Test(arguments: [ReadyWhen.any, .all, .apps(["tensorboard"])])
    func isNotReady(when: ReadyWhen) {
        let report = driver().supervisor.report
        #expect(when.obstacle(in: report) == "tensorboard: failed: \(UnusableAppTests.condition)")
        let answers = HealthAnswers(readyWhen: when, report: report)
        #expect(answers.ready(app: nil, verbose: false).status == 503)
        #expect(answers.ready(app: "tensorboard", verbose: false).status == 503)
        #expect(
            answers.ready(app: nil, verbose: true).body
                == "[+]running ok\n[+]rules ok\n"
                + "[-]app/tensorboard failed: tensorboard: failed: \(UnusableAppTests.condition)\nreadyz check failed\n"
        )
        // To strangers a line says nothing.
        let open = HealthAnswers(readyWhen: when, report: report.withoutReasons)
        #expect(open.ready(app: nil, verbose: false).body == "tensorboard: failed\n")
    }

    @Test func takesNothingFromTheOthers() {
        let up = driver { $0.apps = [.fake(.visdom, fixedRule: .plots)] }
        #expect(up.states == ["visdom": .ready])
        #expect(ReadyWhen.any.obstacle(in: up.supervisor.report) == nil)
        #expect(ReadyWhen.all.obstacle(in: up.supervisor.report)?.hasPrefix("tensorboard: failed") == true)
    }

    @Test func keepsItsNameFromAutomaticApps() {
        let up = driver { $0.automatic = [.fake(.tensorBoard)] }
        #expect(up.states == ["tensorboard-2": .ready])
        #expect(up.supervisor.report.apps.map(\.name) == ["tensorboard-2", "tensorboard"])
    }

    @Test(arguments: [
        ControlCommand.start(app: "tensorboard"), .restart(app: "tensorboard"), .stop(app: "tensorboard"),
    ])
    func whoAsksForItIsToldWhyNot(command: ControlCommand) {
        var up = driver()
        up.send(.command(command, number: 1))
        #expect(
            up.answers[1] == .refused(reason: "\(UnusableAppTests.condition); mend it, and start the container again"))
        up.send(.command(.start(app: "jupyter"), number: 2))
        #expect(up.answers[2] == .unknown(names: ["tensorboard"]))
    }

    @Test func aTerminalsOwnTakesItsPlace() {
        var up = driver()
        up.send(.command(.serve(.fake(.tensorBoard)), number: 1))
        up.pass(.seconds(1))
        #expect(up.answers[1] == .accepted(app: "tensorboard", message: "tensorboard: starting"))
        #expect(up.supervisor.report.apps.map(\.state) == [.ready])
    }

    // MARK: The doctor

    @Test func theDoctorSaysWhatToMend() {
        let app = ReportedApp(state: "failed", reason: UnusableAppTests.condition, isUnusable: true)
        let found = DoctorCase(supervisor: .answers(apps: ["tensorboard": app])).diagnosis
        #expect(found.broken?.link == .serving)
        #expect(found.broken?.message == "it is failed: \(UnusableAppTests.condition)")
        #expect(found.broken?.remedy?.hasPrefix("Mend the line") == true)
        #expect(found.broken?.remedy?.contains("crater-run restart") == false)
        let other = DoctorCase(supervisor: .answers(apps: ["line-1": app])).diagnosis
        #expect(other.broken?.app == "line-1")
    }

    /// Another app serves by its rule, and all is well but for the line.
    @Test func theDoctorSaysSoBesideAnAppThatServesByItsRule() {
        let unusable = ReportedApp(state: "failed", reason: UnusableAppTests.condition, isUnusable: true)
        let served = ReportedApp(state: "ready", port: 6006, prefix: "/ingress/liuxw24-379e0")
        let apps = ["tensorboard": unusable, "tensorboard-2": served]
        let found = DoctorCase(supervisor: .answers(apps: apps)).diagnosis
        let accounts = found.checks.filter { $0.link == .serving }
        #expect(accounts.map(\.status) == [.ok, .failed])
        #expect(accounts.last?.message == "it is failed: \(UnusableAppTests.condition)")
    }
}
