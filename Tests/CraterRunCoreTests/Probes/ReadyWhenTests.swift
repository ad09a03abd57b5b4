import CraterRunCore
import Testing

/// When a supervisor of several apps counts as ready.
struct ReadyWhenTests {
    /// With TensorBoard ready, Jupyter starting, and Visdom without a rule.
    private func report() -> SupervisorReport {
        var ready = AppDriver()
        ready.startAndBecomeReady()
        var starting = AppDriver()
        starting.start()
        var report = SupervisorReport()
        report.hasRules = true
        report.apps = [
            AppReport(name: "tensorboard", machine: ready.machine),
            AppReport(name: "jupyter", machine: starting.machine),
            AppReport(name: "visdom", machine: AppDriver().machine),
        ]
        return report
    }

    @Test func isOneOfThoseThatHaveARule() {
        var report = report()
        #expect(ReadyWhen.any.obstacle(in: report) == nil)
        report.apps.removeFirst()
        #expect(ReadyWhen.any.obstacle(in: report) == "jupyter: starting")
    }

    @Test func isAllOfThoseThatHaveARule() {
        var report = report()
        #expect(ReadyWhen.all.obstacle(in: report) == "jupyter: starting")
        report.apps.remove(at: 1)
        #expect(ReadyWhen.all.obstacle(in: report) == nil)
    }

    @Test func isThoseThatAreNamed() {
        let report = report()
        #expect(ReadyWhen.apps(["tensorboard"]).obstacle(in: report) == nil)
        #expect(
            ReadyWhen.apps(["tensorboard", "visdom", "gone"]).obstacle(in: report)
                == "visdom: waiting; there is no app gone")
        let answers = HealthAnswers(readyWhen: .apps(["tensorboard", "gone"]), report: report)
        #expect(answers.ready(app: nil, verbose: true).body.contains("[-]app/gone failed: there is no app gone\n"))
    }

    @Test(arguments: [ReadyWhen.any, .all])
    func isReadyWhereNoAppHasARule(when: ReadyWhen) {
        var report = SupervisorReport()
        report.hasRules = true
        #expect(when.obstacle(in: report) == nil)
        report.apps = [AppReport(name: "visdom", machine: AppDriver().machine)]
        #expect(when.obstacle(in: report) == nil)
    }

    /// What a rule is going to open is not ready yet.
    @Test(arguments: [ReadyWhen.any, .all])
    func isNotReadyWhereARuleIsYetToOpenItsApp(when: ReadyWhen) {
        var report = SupervisorReport()
        report.hasRules = true
        report.rules = [RuleReport(rule: .board, .pending), RuleReport(rule: .lab, .external)]
        #expect(when.obstacle(in: report) == "tensorboard: to be served once the job has had time to take the port")
    }

    @Test(arguments: [ReadyWhen.any, .all, .apps(["tensorboard"])])
    func isNeverReadyBeforeTheRulesAreReadNorWhileItStops(when: ReadyWhen) {
        var report = report()
        report.apps.remove(at: 1)
        report.hasRules = false
        #expect(when.obstacle(in: report) == "the ingress rules have not been read")
        report.complaint = "there is no such file"
        #expect(when.obstacle(in: report) == "there is no such file")
        report.hasRules = true
        report.isTakingOver = true
        #expect(when.obstacle(in: report) == "the processes that the previous supervisor left are being ended")
        report.isStopping = true
        #expect(when.obstacle(in: report) == "crater-run is stopping")
    }

    @Test(arguments: [("any", ReadyWhen.any), ("all", .all), ("a", .apps(["a"])), ("a,b-2", .apps(["a", "b-2"]))])
    func isReadFromText(text: String, when: ReadyWhen) {
        #expect(ReadyWhen(text) == when)
    }

    @Test(arguments: ["", ",", "a,", "a,,b", "a b", "a/b"])
    func isNotReadFromNonsense(text: String) {
        #expect(ReadyWhen(text) == nil)
    }
}
