/// The body of `/metrics`. Names follow Prometheus' conventions (prometheus.io, Metric and label naming). Prefixes,
/// hosts and secrets are left out.
package struct Metrics: Sendable {
    private let snapshot: SupervisorSnapshot
    private let readyWhen: ReadyWhen
    private let version: String
    private let usage: ProcessUsage?

    /// - Parameters:
    ///   - version: crater-run's own version.
    ///   - usage: the usage of this process; nil if /proc does not tell.
    package init(of snapshot: SupervisorSnapshot, readyWhen: ReadyWhen, version: String, usage: ProcessUsage?) {
        self.snapshot = snapshot
        self.readyWhen = readyWhen
        self.version = version
        self.usage = usage
    }

    package var text: String {
        var text = PrometheusText()
        addSupervisor(to: &text)
        addApps(to: &text)
        addDoor(to: &text)
        addRules(to: &text)
        addProcess(to: &text)
        return text.text
    }

    private func addSupervisor(to text: inout PrometheusText) {
        let identity = snapshot.identity
        text.add(
            "crater_run_build_info", .gauge, "The crater-run that answers.",
            [.init(1, [("version", version), ("kind", identity.kind.rawValue)])])
        text.add(
            "crater_run_ready", .gauge, "Whether /readyz answers 200.",
            [.init(readyWhen.obstacle(in: snapshot.report) == nil ? 1 : 0)])
        text.add(
            "crater_run_stopping", .gauge, "Whether crater-run is shutting down.",
            [.init(snapshot.report.isStopping ? 1 : 0)])
        text.add(
            "crater_run_orphans_reaped_total", .counter,
            "Orphaned processes that the supervisor has reaped.",
            [.init(Double(snapshot.orphansReaped))])
    }

    private func addApps(to text: inout PrometheusText) {
        let apps = snapshot.report.apps
        func samples(_ value: (AppReport) -> Double?) -> [PrometheusText.Sample] {
            apps.compactMap { app in value(app).map { .init($0, [("app", app.name)]) } }
        }
        text.add(
            "crater_run_app_ready", .gauge, "Whether the app answers under its prefix.",
            samples { $0.isReady ? 1 : 0 })
        text.add(
            "crater_run_app_state", .gauge, "1 for the state that the app is in, 0 for the others.",
            apps.flatMap { app in
                AppState.allCases.map { .init($0 == app.state ? 1 : 0, [("app", app.name), ("state", $0.rawValue)]) }
            })
        text.add(
            "crater_run_app_restarts_total", .counter, "Starts of the app after its first.",
            samples { Double(max($0.history.launches - 1, 0)) })
        text.add(
            "crater_run_app_start_time_seconds", .gauge, "When the app's process was started, since the Unix epoch.",
            samples { app in app.startedAt.map { Double(snapshot.identity.date(of: $0).milliseconds) / 1000 } })
        text.add(
            "crater_run_app_last_exit_code", .gauge,
            "How the app's process ended the last time: its exit code, or 128 + n by signal n.",
            samples { $0.history.lastExit.map { Double($0.code) } })
    }

    private func addDoor(to text: inout PrometheusText) {
        guard let door = snapshot.report.door else { return }
        text.add(
            "crater_run_door_serving", .gauge, "Whether the front door serves the apps as they are now.",
            [.init(door.isServing ? 1 : 0)])
        text.add(
            "crater_run_door_restarts_total", .counter, "Starts of the front door after its first.",
            [.init(Double(max(door.starts - 1, 0)))])
        let uses = door.activity.values.sorted { $0.app < $1.app }
        func samples(_ value: (DoorActivity) -> Double) -> [PrometheusText.Sample] {
            uses.map { .init(value($0), [("app", $0.app)]) }
        }
        text.add(
            "crater_run_app_requests_total", .counter, "Requests that the front door has forwarded to the app.",
            samples { Double($0.requests) })
        text.add(
            "crater_run_app_requests_open", .gauge, "Requests to the app that are under way.",
            samples { Double($0.open) })
        text.add(
            "crater_run_app_received_bytes_total", .counter,
            "Bytes that the front door has passed to the app: bodies of requests, and everything in tunnels.",
            samples { Double($0.received) })
        text.add(
            "crater_run_app_sent_bytes_total", .counter,
            "Bytes that the front door has passed from the app: bodies of responses, and everything in tunnels.",
            samples { Double($0.sent) })
        text.add(
            "crater_run_app_last_activity_timestamp_seconds", .gauge,
            "When a person, or the app's own work, has last used the app, since the Unix epoch.",
            snapshot.report.apps.compactMap { app in
                app.lastUse.map {
                    .init(Double(snapshot.identity.date(of: $0).milliseconds) / 1000, [("app", app.name)])
                }
            })
        text.add(
            "crater_run_app_tunnels_open", .gauge, "Open websockets and other tunnels to the app.",
            samples { Double($0.tunnels) })
    }

    private func addRules(to text: inout PrometheusText) {
        text.add(
            "crater_run_rule_info", .gauge, "An ingress rule, and the app that is served by it.",
            snapshot.report.rules.map { rule in
                .init(
                    1,
                    [
                        ("rule", rule.rule.name), ("port", String(rule.rule.port)), ("app", rule.app ?? ""),
                        ("external", rule.service == .external ? "true" : "false"),
                    ])
            })
        text.add(
            "crater_run_rule_reloads_total", .counter, "Readings of the annotations file that changed the rules.",
            [.init(Double(snapshot.report.ruleReloads))])
        text.add(
            "crater_run_annotations_readable", .gauge, "Whether the annotations file was complete when last read.",
            [.init(snapshot.report.complaint == nil ? 1 : 0)])
    }

    private func addProcess(to text: inout PrometheusText) {
        text.add(
            "process_start_time_seconds", .gauge, "When the process was started, since the Unix epoch.",
            [.init(Double(snapshot.identity.startedAtDate.milliseconds) / 1000)])
        guard let usage else { return }
        text.add(
            "process_cpu_seconds_total", .counter, "User and system time of the process.", [.init(usage.cpuSeconds)])
        text.add(
            "process_resident_memory_bytes", .gauge, "Resident memory of the process.", [.init(usage.residentBytes)])
        text.add(
            "process_virtual_memory_bytes", .gauge, "Virtual memory of the process.", [.init(usage.virtualBytes)])
        text.add("process_open_fds", .gauge, "Open descriptors of the process.", [.init(Double(usage.openDescriptors))])
        text.add(
            "process_max_fds", .gauge, "How many descriptors the process may have open.",
            usage.descriptorLimit.map { [.init($0)] } ?? [])
    }
}
