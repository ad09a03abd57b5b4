import CraterRunCore
import Foundation
import Testing

struct HealthAnswersTests {
    private let apps = [
        AppDriver.at(.ready, named: "jupyter").report(), AppDriver.at(.unready).report(),
        AppDriver.at(.waiting, named: "visdom").report(reason: "it has no rule yet"),
    ]

    @Test func areOneLine() {
        let answers = HealthAnswers(readyWhen: .all, report: SupervisorReport(apps))
        let unready = "tensorboard: unready: nobody listens at its port\n"
        #expect(answers.live(turns: true, verbose: false) == HealthAnswer(status: 200, body: "ok\n"))
        #expect(
            answers.live(turns: false, verbose: false)
                == HealthAnswer(status: 503, body: "the reactor does not turn\n"))
        #expect(answers.startup(verbose: false) == HealthAnswer(status: 200, body: "ok\n"))
        #expect(answers.ready(app: nil, verbose: false) == HealthAnswer(status: 503, body: unready))
        #expect(answers.ready(app: "jupyter", verbose: false) == HealthAnswer(status: 200, body: "ok\n"))
        #expect(answers.ready(app: "tensorboard", verbose: false) == HealthAnswer(status: 503, body: unready))
    }

    @Test func haveALineForEachThingIfAsked() {
        let answers = HealthAnswers(readyWhen: .any, report: SupervisorReport(apps))
        let body = """
            [+]running ok
            [+]rules ok
            [+]app/jupyter ok
            [-]app/tensorboard failed: tensorboard: unready: nobody listens at its port
            [-]app/visdom failed: visdom: waiting: it has no rule yet (no rule)
            readyz check passed

            """
        #expect(answers.ready(app: nil, verbose: true) == HealthAnswer(status: 200, body: body))
        #expect(
            answers.ready(app: "jupyter", verbose: true)
                == HealthAnswer(status: 200, body: "[+]app/jupyter ok\nreadyz/jupyter check passed\n"))
        #expect(answers.live(turns: true, verbose: true).body == "[+]reactor ok\nlivez check passed\n")
        #expect(
            answers.live(turns: false, verbose: true)
                == HealthAnswer(
                    status: 503, body: "[-]reactor failed: the reactor does not turn\nlivez check failed\n"))
        #expect(answers.startup(verbose: true).body == "[+]rules ok\nstartupz check passed\n")
    }

    @Test func sayWhatIsWrongWithTheRules() {
        var report = SupervisorReport()
        report.hasRules = false
        var answers = HealthAnswers(readyWhen: .any, report: report)
        let unread = "the ingress rules have not been read"
        #expect(answers.startup(verbose: false) == HealthAnswer(status: 503, body: "\(unread)\n"))
        #expect(answers.ready(app: nil, verbose: false) == HealthAnswer(status: 503, body: "\(unread)\n"))
        report.complaint = "cannot read it"
        answers = HealthAnswers(readyWhen: .any, report: report)
        #expect(answers.startup(verbose: false).body == "cannot read it\n")
        let verbose = "[+]running ok\n[-]rules failed: cannot read it\nreadyz check failed\n"
        #expect(answers.ready(app: nil, verbose: true) == HealthAnswer(status: 503, body: verbose))
        // Once read they stay read: what has become of the file since takes nothing from anybody.
        report.hasRules = true
        answers = HealthAnswers(readyWhen: .any, report: report)
        #expect(answers.startup(verbose: false).status == 200)
        #expect(answers.ready(app: nil, verbose: false).status == 200)
    }

    @Test func sayThatAllIsOver() {
        var report = SupervisorReport(apps)
        report.isStopping = true
        let answers = HealthAnswers(readyWhen: .any, report: report)
        let stopping = HealthAnswer(status: 503, body: "crater-run is stopping\n")
        #expect(answers.ready(app: nil, verbose: false) == stopping)
        #expect(answers.ready(app: "jupyter", verbose: false) == stopping)
        #expect(answers.ready(app: nil, verbose: true).body.hasPrefix("[-]running failed: crater-run is stopping\n"))
    }

    @Test(arguments: ["lars", "", "Tensorboard", "tensorboard/", "tensorboard%20"])
    func knowNoOtherApp(name: String) {
        let answers = HealthAnswers(readyWhen: .any, report: SupervisorReport(apps))
        #expect(answers.ready(app: name, verbose: false).status == 404)
        #expect(answers.ready(app: name, verbose: true).status == 404)
    }

    // MARK: --ready-when

    struct Case: CustomTestStringConvertible, Sendable {
        let readyWhen: ReadyWhen
        let states: [AppState]
        let obstacle: String?

        init(_ readyWhen: ReadyWhen, _ states: AppState..., obstacle: String? = nil) {
            self.readyWhen = readyWhen
            self.states = states
            self.obstacle = obstacle
        }

        var testDescription: String { "\(readyWhen) of \(states.map(\.rawValue))" }

        /// The apps are called a, b and so on.
        var report: SupervisorReport {
            SupervisorReport(
                zip(["a", "b", "c"], states).map { name, state in AppDriver.at(state, named: name).report() })
        }
    }

    @Test(arguments: [
        Case(.any),
        Case(.any, .ready, .failed),
        Case(.any, .waiting, .ready),
        Case(.any, .starting, obstacle: "a: starting"),
        Case(
            .any, .failed, .stopped,
            obstacle: "a: failed: exited with code 3 after 0.1 s (pid 100); b: stopped: stopped on request"),
        // One that waits for its rule says nothing about the others, and is no obstacle itself.
        Case(.any, .waiting, .starting, obstacle: "b: starting"),
        Case(.any, .waiting, .waiting),
        Case(.all),
        Case(.all, .ready, .ready),
        Case(.all, .ready, .waiting),
        Case(.all, .waiting),
        Case(.all, .ready, .starting, obstacle: "b: starting"),
        Case(.all, .ready, .stopped, obstacle: "b: stopped: stopped on request"),
        Case(.all, .starting, .ready, .unready, obstacle: "a: starting; c: unready: nobody listens at its port"),
        Case(.apps(["a"]), .ready, .failed),
        Case(.apps(["b", "a"]), .ready, .ready),
        Case(.apps(["b"]), .ready, .starting, obstacle: "b: starting"),
        // It was named, so that it has to be there.
        Case(.apps(["a"]), .waiting, obstacle: "a: waiting"),
        Case(.apps(["a", "lars"]), .ready, obstacle: "there is no app lars"),
        Case(.apps(["a"]), obstacle: "there is no app a"),
    ])
    func followReadyWhen(in story: Case) {
        let answer = HealthAnswers(readyWhen: story.readyWhen, report: story.report).ready(app: nil, verbose: false)
        #expect(answer.status == (story.obstacle == nil ? 200 : 503))
        #expect(answer.body == "\(story.obstacle ?? "ok")\n")
    }
}

/// Tables in the documents, so that these cannot drift away from what is done.
enum Document {
    /// The cells of the first table below a line, without its head and without backquotes.
    static func table(in path: String, below line: String) throws -> [[String]] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let text = try String(contentsOf: root.appendingPathComponent(path).standardized, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let rows = lines.drop { $0 != line }.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return rows.dropFirst(2).map { row in
            row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.filter { $0 != "`" }.trimmingCharacters(in: .whitespaces)
            }
        }
    }
}

extension SupervisorReport {
    /// Of a supervisor that has read its rules and serves these apps.
    init(_ apps: [AppReport]) {
        self.init()
        hasRules = true
        self.apps = apps
    }
}

extension AppDriver {
    /// An app that has come into this state.
    static func at(_ state: AppState, named name: String = "tensorboard") -> AppDriver {
        var policy = AppPolicy.tensorBoard(maxRestarts: state == .failed ? 0 : nil)
        policy.name = name
        var app = AppDriver(policy)
        switch state {
        case .waiting: break
        case .starting: app.start()
        case .ready: app.startAndBecomeReady()
        case .unready:
            app.startAndBecomeReady()
            app.failTwoChecks()
        case .stopping, .stopped:
            app.startAndBecomeReady()
            app.send(.stopRequested(isShutdown: false))
            if state == .stopping { break }
            app.send(.exited(.signaled(.terminate)))
            app.send(.surveyed(remaining: 0))
        case .asleep:
            app.startAndBecomeReady()
            app.send(.sleepRequested(after: .seconds(7200)))
            app.send(.exited(.signaled(.terminate)))
            app.send(.surveyed(remaining: 0))
        case .backingOff, .failed:
            app.startAndBecomeReady()
            app.send(.exited(.exited(code: 3)))
        }
        #expect(app.state == state)
        return app
    }

    /// What is shown of it.
    func report(reason: String? = nil) -> AppReport {
        AppReport(name: machine.policy.name, machine: machine, reason: reason)
    }
}
