import CraterRunCore
import Testing

/// What can be read from `/readyz?verbose`.
struct ReadinessPageTests {
    @Test func holdsTheStatesOfApps() {
        let page = """
            [+]running ok
            [-]rules failed: the annotations file cannot be read, or not all of it
            [+]app/tensorboard ok
            [+]app/streamlit ok: asleep
            [-]app/visdom failed: visdom: waiting (no rule)
            [-]app/jupyter failed: jupyter: backing-off
            [-]app/lars failed: lars: failed: it answers 500
            [-]app/gone failed: there is no app gone
            [-]rule/demo failed: demo: to be served once the job has had time to take the port
            readyz check failed

            """
        #expect(
            ReadinessPage.states(page) == [
                "tensorboard": "ready", "streamlit": "asleep", "visdom": "waiting", "jupyter": "backing-off",
                "lars": "failed",
            ])
    }

    @Test(arguments: [
        "", "[+]app/ ok", "[-]app/ failed: : ready", "[-]app/a failed: b: ready", "[-]app/a failed: a: on fire",
        "<html>app/tensorboard ok</html>",
    ])
    func isNotWhatAnythingElseSays(page: String) {
        #expect(ReadinessPage.states(page) == [:])
    }

    /// As a supervisor writes it.
    @Test func agreesWithTheAnswer() {
        var report = SupervisorReport()
        report.hasRules = true
        report.apps = [
            AppDriver.at(.asleep).report(),
            AppReport(unusable: UnusableApp(name: "line-1", reason: "x: y")),
            AppReport(name: "visdom failed: x", machine: AppDriver().machine),
        ]
        let page = HealthAnswers(readyWhen: .any, report: report).ready(app: nil, verbose: true).body
        #expect(
            ReadinessPage.states(page) == ["tensorboard": "asleep", "line-1": "failed", "visdom failed: x": "waiting"])
    }
}
