import CraterRunCore
import Foundation
import Testing

/// What each endpoint answers in each state: docs/probes.md has the same table, and a test that the two agree.
struct StateTableTests {
    /// A row: the state as the document has it, and what is answered.
    private struct Row: Equatable, CustomStringConvertible {
        let state: String
        let answers: [Int]

        var description: String { "| \(state) | \(answers.map(String.init).joined(separator: " | ")) |" }
    }

    /// One app with its rule, in this state.
    private func app(_ state: AppState) -> AppReport {
        AppDriver.at(state).report()
    }

    private func row(_ name: String, _ report: SupervisorReport) -> Row {
        let answers = HealthAnswers(readyWhen: .any, report: report)
        return Row(
            state: name,
            answers: [
                answers.live(turns: true, verbose: false).status,
                answers.startup(verbose: false).status,
                answers.ready(app: "tensorboard", verbose: false).status,
                answers.ready(app: nil, verbose: false).status,
                report.apps.first?.isReady == true ? 1 : 0,
            ]
        )
    }

    private var rows: [Row] {
        var unread = SupervisorReport()
        unread.apps = [app(.waiting)]
        var stopping = SupervisorReport()
        stopping.hasRules = true
        stopping.isStopping = true
        stopping.apps = [app(.ready)]
        let states = AppState.allCases.map { state in
            var report = SupervisorReport()
            report.hasRules = true
            report.apps = [app(state)]
            return row(state.rawValue, report)
        }
        return [row("rules not read yet", unread)] + states + [row("ready, crater-run stopping", stopping)]
    }

    @Test func isWhatTheDocumentSays() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let document = try String(contentsOf: root.appendingPathComponent("docs/probes.md"), encoding: .utf8)
        let table = document.split(separator: "\n").drop { !$0.hasPrefix("| state | `/livez`") }.dropFirst(2)
        #expect(table.prefix { $0.hasPrefix("|") }.map(String.init) == rows.map(\.description))
    }

    @Test func hasNoLivenessWhereTheReactorIsStuck() {
        let answers = HealthAnswers(readyWhen: .any, report: SupervisorReport())
        #expect(
            answers.live(turns: false, verbose: false) == HealthAnswer(status: 503, body: "\(HealthAnswers.stuck)\n"))
    }

    // MARK: - What is said

    @Test func saysOkOrWhatIsNotReady() {
        var report = SupervisorReport()
        report.hasRules = true
        report.apps = [app(.unready)]
        let answers = HealthAnswers(readyWhen: .any, report: report)
        let why = "tensorboard: unready: nobody listens at its port\n"
        #expect(answers.ready(app: nil, verbose: false) == HealthAnswer(status: 503, body: why))
        #expect(answers.ready(app: "tensorboard", verbose: false) == HealthAnswer(status: 503, body: why))
        #expect(answers.ready(app: "visdom", verbose: false).status == 404)
        #expect(answers.startup(verbose: false) == HealthAnswer(status: 200, body: "ok\n"))
    }

    @Test func listsEverythingThatWasLookedAtWhereItIsToBeVerbose() {
        var report = SupervisorReport()
        report.hasRules = true
        report.apps = [app(.ready), AppReport(name: "visdom", machine: AppDriver().machine, reason: "no rule yet")]
        report.rules = [RuleReport(rule: .lab, .pending)]
        let answers = HealthAnswers(readyWhen: .any, report: report)
        let lines = """
            [+]running ok
            [+]rules ok
            [+]app/tensorboard ok
            [-]app/visdom failed: visdom: waiting: no rule yet (no rule)
            [-]rule/jupyter failed: jupyter: to be served once the job has had time to take the port
            readyz check passed

            """
        #expect(answers.ready(app: nil, verbose: true) == HealthAnswer(status: 200, body: lines))
        #expect(
            answers.live(turns: true, verbose: true)
                == HealthAnswer(status: 200, body: "[+]reactor ok\nlivez check passed\n"))
    }

    /// An app without a login has nothing but its prefix for a secret, and reasons may hold one.
    @Test func givesNoReasonsToEverybody() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks(.answered(status: 503))
        var report = SupervisorReport()
        report.hasRules = true
        report.complaint = "cannot read line 3: /ingress/first/"
        report.apps = [AppReport(name: "tensorboard", machine: app.machine)]
        let known = HealthAnswers(readyWhen: .any, report: report).ready(app: nil, verbose: true)
        #expect(known.body.contains("/ingress/first"))
        let everybody = HealthAnswers(readyWhen: .any, report: report.withoutReasons)
        for answer in [everybody.ready(app: nil, verbose: true), everybody.startup(verbose: true)] {
            #expect(!answer.body.contains("/ingress"))
        }
    }

    // MARK: - Paths

    @Test(arguments: [
        ("/livez", HealthEndpoint.live), ("/healthz", .live), ("/readyz", .ready(app: nil)),
        ("/readyz/tensorboard", .ready(app: "tensorboard")), ("/startupz", .startup), ("/metrics", .metrics),
        ("http://host/livez", .live), ("HTTPS://host:9550/readyz/%74ensorboard?verbose", .ready(app: "tensorboard")),
        ("/live%7A", .live), ("/readyz/a%2fb", .ready(app: "a/b")),
    ])
    func areKnownByTheirPaths(path: String, endpoint: HealthEndpoint) {
        #expect(RequestTarget(path).flatMap(HealthEndpoint.init) == endpoint)
    }

    @Test(arguments: [
        "", "/", "/readyz/", "/livez/", "/livez/x", "/READYZ", "//readyz", "/metrics/", "readyz", "/readyz%2Fx",
        "http://livez",
        "http:/livez", "http:///", "*", "livez:80", "/readyz/a/b",
    ])
    func noOtherPathIsOne(path: String) {
        #expect(RequestTarget(path).flatMap(HealthEndpoint.init) == nil)
    }
}
