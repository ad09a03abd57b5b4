import CraterRunCore
import Testing

/// The metrics' text.
struct MetricsTests {
    private let identity = SupervisorIdentity(
        instance: "f00d", pid: 7, kind: .up, startedAt: Instant(nanoseconds: 1_000_000_000_000),
        startedAtDate: WallTime(milliseconds: 1_700_000_000_500))

    private func text(_ report: SupervisorReport, orphans: Int = 0, usage: ProcessUsage? = nil) -> [String] {
        let snapshot = SupervisorSnapshot(identity: identity, report: report, orphansReaped: orphans)
        return Metrics(of: snapshot, readyWhen: .any, version: "1.2.3", usage: usage).text
            .split(separator: "\n").map(String.init)
    }

    @Test func tellOfASupervisorWithoutApps() {
        var report = SupervisorReport()
        report.hasRules = true
        report.ruleReloads = 3
        let lines = text(report, orphans: 5)
        for line in [
            #"crater_run_build_info{version="1.2.3",kind="up"} 1"#, "crater_run_ready 1", "crater_run_stopping 0",
            "crater_run_orphans_reaped_total 5", "crater_run_rule_reloads_total 3", "crater_run_annotations_readable 1",
            "process_start_time_seconds 1700000000.5",
        ] {
            #expect(lines.contains(line))
        }
        #expect(!lines.contains { $0.contains("crater_run_app_") })
    }

    @Test func countWhatHappensToAnApp() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.exited(.signaled(.kill)))
        app.comeBack()
        var report = SupervisorReport()
        report.hasRules = true
        report.complaint = "line 3"
        report.apps = [AppReport(name: "tensorboard", machine: app.machine)]
        report.rules = [RuleReport(rule: .first, .app("tensorboard")), RuleReport(rule: .lab, .external)]
        let lines = text(report)
        for line in [
            #"crater_run_app_ready{app="tensorboard"} 0"#, #"crater_run_app_restarts_total{app="tensorboard"} 1"#,
            #"crater_run_app_last_exit_code{app="tensorboard"} 137"#,
            #"crater_run_app_state{app="tensorboard",state="starting"} 1"#,
            #"crater_run_app_state{app="tensorboard",state="ready"} 0"#,
            #"crater_run_rule_info{rule="tensorboard",port="6006",app="tensorboard",external="false"} 1"#,
            #"crater_run_rule_info{rule="jupyter",port="8888",app="",external="true"} 1"#,
            "crater_run_annotations_readable 0", "crater_run_ready 0",
        ] {
            #expect(lines.contains(line), "\(lines)")
        }
        // When its process was started, by the host's date.
        let start = lines.first { $0.hasPrefix("crater_run_app_start_time_seconds") }
        let after = app.machine.startedAt.map { identity.startedAt.duration(to: $0).clampedNanoseconds / 1_000_000 }
        #expect(start?.hasSuffix(" \(Double(1_700_000_000_500 + (after ?? 0)) / 1000)") == true)
    }

    @Test func holdNoPrefix() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks(.answered(status: 500))
        var report = SupervisorReport()
        report.apps = [AppReport(name: "tensorboard", machine: app.machine)]
        report.rules = [RuleReport(rule: .first, .app("tensorboard"))]
        #expect(!text(report).contains { $0.contains("/ingress") })
    }

    @Test func tellWhatTheProcessUses() {
        let usage = ProcessUsage(
            cpuSeconds: 0.25, residentBytes: 4096, virtualBytes: 8192, openDescriptors: 12, descriptorLimit: nil)
        let lines = text(SupervisorReport(), usage: usage)
        for line in [
            "process_cpu_seconds_total 0.25", "process_resident_memory_bytes 4096",
            "process_virtual_memory_bytes 8192", "process_open_fds 12",
        ] {
            #expect(lines.contains(line))
        }
        #expect(!lines.contains { $0.contains("process_max_fds") })
    }

    @Test func areEscaped() {
        var text = PrometheusText()
        text.add("m", .gauge, "Help.", [.init(-1.5, [("l", "a\"b\\c\nd")])])
        #expect(text.text == "# HELP m Help.\n# TYPE m gauge\nm{l=\"a\\\"b\\\\c\\nd\"} -1.5\n")
    }
}
