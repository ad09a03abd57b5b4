import Testing

@testable import CraterRunCore

/// Every metric, as the document has them.
struct MetricsTextTests {
    /// 2025-03-04T05:06:07Z, at one second of the monotonic clock.
    private let identity = SupervisorIdentity(
        instance: "c0ffee", pid: 7, kind: .up, startedAt: MonotonicInstant(nanoseconds: 1_000_000_000),
        startedAtDate: WallTime(milliseconds: 1_741_064_767_000))

    private func text(_ report: SupervisorReport, orphans: Int = 0, usage: ProcessUsage? = nil) -> String {
        let snapshot = SupervisorSnapshot(identity: identity, report: report, orphansReaped: orphans)
        return Metrics(of: snapshot, readyWhen: .any, version: "1.2.3", usage: usage).text
    }

    /// The values by metric and labels.
    private func samples(_ text: String) throws -> [Substring: Substring] {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return try Dictionary(
            lines.map { line in
                let end = try #require(line.lastIndex(of: " "))
                return (line[..<end], line[line.index(after: end)...])
            },
            uniquingKeysWith: { first, _ in
                Issue.record("a sample is there twice")
                return first
            }
        )
    }

    @Test func areThoseOfASupervisorWithNothingToDo() {
        let expected = """
            # HELP crater_run_build_info The crater-run that answers.
            # TYPE crater_run_build_info gauge
            crater_run_build_info{version="1.2.3",kind="up"} 1
            # HELP crater_run_ready Whether /readyz answers 200.
            # TYPE crater_run_ready gauge
            crater_run_ready 0
            # HELP crater_run_stopping Whether crater-run is shutting down.
            # TYPE crater_run_stopping gauge
            crater_run_stopping 0
            # HELP crater_run_orphans_reaped_total \
            Orphaned processes that the supervisor has reaped.
            # TYPE crater_run_orphans_reaped_total counter
            crater_run_orphans_reaped_total 0
            # HELP crater_run_rule_reloads_total Readings of the annotations file that changed the rules.
            # TYPE crater_run_rule_reloads_total counter
            crater_run_rule_reloads_total 0
            # HELP crater_run_annotations_readable Whether the annotations file was complete when last read.
            # TYPE crater_run_annotations_readable gauge
            crater_run_annotations_readable 1
            # HELP process_start_time_seconds When the process was started, since the Unix epoch.
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds 1741064767

            """
        #expect(text(SupervisorReport()) == expected)
    }

    @Test func tellOfTheSupervisor() throws {
        var report = SupervisorReport([AppDriver.at(.ready).report()])
        report.ruleReloads = 4
        report.complaint = "line 3 is no annotation"
        report.rules = [
            RuleReport(rule: .first, .app("tensorboard")),
            RuleReport(rule: IngressRule("lars", 4210, "/ingress/lars/"), .external),
            RuleReport(rule: IngressRule("later", 4211, "/ingress/later/"), .pending),
        ]
        let usage = ProcessUsage(
            cpuSeconds: 0.25, residentBytes: 4_194_304, virtualBytes: 1e12, openDescriptors: 12, descriptorLimit: nil)
        let values = try samples(text(report, orphans: 10_000, usage: usage))
        #expect(values["crater_run_ready"] == "1")
        #expect(values["crater_run_orphans_reaped_total"] == "10000")
        #expect(values["crater_run_rule_reloads_total"] == "4")
        #expect(values["crater_run_annotations_readable"] == "0")
        #expect(
            values[#"crater_run_rule_info{rule="tensorboard",port="6006",app="tensorboard",external="false"}"#] == "1")
        #expect(values[#"crater_run_rule_info{rule="lars",port="4210",app="",external="true"}"#] == "1")
        #expect(values[#"crater_run_rule_info{rule="later",port="4211",app="",external="false"}"#] == "1")
        #expect(values["process_cpu_seconds_total"] == "0.25")
        #expect(values["process_resident_memory_bytes"] == "4194304")
        #expect(values["process_virtual_memory_bytes"] == "1000000000000")
        #expect(values["process_open_fds"] == "12")
        #expect(values["process_max_fds"] == nil)
        report.isStopping = true
        let last = try samples(text(report))
        #expect(last["crater_run_stopping"] == "1")
        #expect(last["crater_run_ready"] == "0")
    }

    @Test(arguments: AppState.allCases)
    func tellTheStateOfAnApp(state: AppState) throws {
        let values = try samples(text(SupervisorReport([AppDriver.at(state).report()])))
        for other in AppState.allCases {
            let value = values["crater_run_app_state{app=\"tensorboard\",state=\"\(other.rawValue)\"}"]
            #expect(value == (other == state ? "1" : "0"))
        }
        #expect(values[#"crater_run_app_ready{app="tensorboard"}"#] == (state == .ready ? "1" : "0"))
    }

    @Test func countWhatHappensToAnApp() throws {
        var app = AppDriver()
        func value(_ name: String) throws -> Substring? {
            try samples(text(SupervisorReport([app.report()])))["crater_run_app_\(name){app=\"tensorboard\"}"]
        }
        // Nothing has happened, and that is no exit code and no time.
        #expect(try value("restarts_total") == "0")
        #expect(try value("start_time_seconds") == nil)
        #expect(try value("last_exit_code") == nil)
        app.startAndBecomeReady()
        #expect(try value("restarts_total") == "0")
        // The driver's clock was 999 s further than the supervisor's start.
        #expect(try value("start_time_seconds") == "1741065766")
        app.send(.exited(.exited(code: 3)))
        #expect(try value("restarts_total") == "0")
        #expect(try value("start_time_seconds") == nil)
        #expect(try value("last_exit_code") == "3")
        app.comeBack()
        #expect(try value("restarts_total") == "1")
        #expect(try value("last_exit_code") == "3")
        app.becomeReady()
        // A long readiness forgives restarts; they have happened all the same.
        app.pass(.seconds(120), answering: .answered(status: 200))
        app.send(.exited(.signaled(.kill)))
        app.comeBack()
        #expect(try value("restarts_total") == "2")
        #expect(try value("last_exit_code") == "137")
        // What could not be started was not.
        app.send(.exited(.exited(code: 0)))
        app.passToDeadline()
        app.send(.launchFailed(.portBusy(port: 6006, holder: nil)))
        #expect(try value("restarts_total") == "2")
        #expect(try value("last_exit_code") == "0")
    }

    @Test func areTheDocumentedOnes() throws {
        var report = SupervisorReport([AppDriver.at(.ready).report(), AppDriver.at(.failed, named: "b").report()])
        report.rules = [RuleReport(rule: .first, .app("tensorboard"))]
        report.apps[0].lastUse = MonotonicInstant(nanoseconds: 3_500_000_000)
        let use = DoorActivity(app: "tensorboard", requests: 7, open: 1, tunnels: 2, lastUse: nil)
        report.door = DoorReport(
            pid: 7, startedAt: nil, starts: 1, isServing: true, ports: [6006], activity: ["tensorboard": use])
        var found: [String: String] = [:]
        for sample in try samples(text(report)).keys where sample.hasPrefix("crater_run_") {
            let parts = sample.split(separator: "{")
            let labels = parts.count == 1 ? [] : parts[1].split(separator: ",").map { $0.prefix { $0 != "=" } }
            found[String(parts[0])] = labels.joined(separator: ", ")
        }
        var documented: [String: String] = [:]
        for row in try Document.table(in: "docs/probes.md", below: "## Metrics") where row[0].hasPrefix("crater_run") {
            for name in row[0].split(separator: ", ") { documented[String(name)] = row[1] }
        }
        #expect(found == documented)
        let name = #"crater_run_app_last_activity_timestamp_seconds{app="tensorboard"}"#
        #expect(try samples(text(report))[name[...]] == "1741064769.5")
    }

    /// A prefix is all that keeps others out of an app without a login.
    @Test func holdNoSecret() throws {
        var report = SupervisorReport([
            AppDriver.at(.ready).report(), AppDriver.at(.unready, named: "b").report(),
            AppDriver.at(.waiting, named: "c").report(reason: "it answers 503 at /ingress/first/?token=s3cret"),
        ])
        report.complaint = "cannot read /ingress/first/"
        let rule = IngressRule.first.reachable(at: try PublicHost("crater.example.org"))
        report.rules = [RuleReport(rule: rule, .app("tensorboard"))]
        let text = text(report)
        for secret in ["ingress/", "/first", "token", "s3cret", "crater.example.org", "c0ffee", "nobody listens"] {
            #expect(!text.contains(secret))
        }
    }
}

struct PrometheusTextTests {
    private func line(_ value: Double, _ label: String? = nil) -> Substring? {
        var text = PrometheusText()
        text.add("metric", .gauge, "Help.", [.init(value, label.map { [("label", $0)] } ?? [])])
        #expect(text.text.hasPrefix("# HELP metric Help.\n# TYPE metric gauge\nmetric"))
        return text.text.split(separator: "\n").last
    }

    @Test(arguments: [
        ("plain", #"metric{label="plain"} 1"#),
        ("", #"metric{label=""} 1"#),
        (#"a"b"#, #"metric{label="a\"b"} 1"#),
        (#"a\b"#, #"metric{label="a\\b"} 1"#),
        (#"a\nb"#, #"metric{label="a\\nb"} 1"#),
        ("a\nb", #"metric{label="a\nb"} 1"#),
        // The format has no escape for these, and a terminal is not to follow them.
        ("\r\n", #"metric{label="\\r\n"} 1"#),
        ("a\u{1B}[31m\u{9B}\u{202E}", #"metric{label="a\\x1b[31m\\u009b\\u202e"} 1"#),
        ("日本 {x=\"1\"}", #"metric{label="日本 {x=\"1\"}"} 1"#),
        // A combining mark does not hide what it stands on.
        ("\"\u{301}\n\u{301}", "metric{label=\"\\\"\u{301}\\n\u{301}\"} 1"),
    ])
    func escapesALabelsValue(value: String, expected: String) {
        var text = PrometheusText()
        text.add("metric", .gauge, "Help.", [.init(1, [("label", value)])])
        let start = "# HELP metric Help.\n# TYPE metric gauge\n"
        #expect(Array(text.text.unicodeScalars) == Array((start + expected + "\n").unicodeScalars))
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (-1, "-1"), (0.25, "0.25"), (1e-7, "1e-07"), (9_007_199_254_740_992, "9007199254740992"),
        (1e300, "1e+300"),
    ])
    func writesNumbersAsGoReadsThem(value: Double, expected: String) {
        #expect(line(value) == "metric \(expected)")
    }

    @Test func leavesOutWhatHasNoSample() {
        var text = PrometheusText()
        text.add("metric", .counter, "Help.", [])
        #expect(text.text == "")
    }
}
