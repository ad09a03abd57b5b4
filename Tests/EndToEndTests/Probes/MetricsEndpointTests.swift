import Foundation
import Glibc
import Testing

/// Metrics as Prometheus reads them.
@Suite(.timeLimit(TestTime.limit))
struct MetricsEndpointTests {
    /// Has Prometheus' own tool read them, which also knows the conventions for names.
    private func check(_ text: String, _ launcher: Launcher) throws {
        let file = "\(launcher.root)/metrics"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        #expect(try MachineTool.promtool.run(["check", "metrics"], input: file) == "")
    }

    @Test(
        .enabled(if: MachineTool.promtool.isTested, "promtool is not installed (Debian: prometheus)"),
        arguments: Mode.available
    )
    func areAsPrometheusWantsThem(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            for rule in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(rule) }
            try launcher.startUp([])
            try launcher.wait(for: "/startupz", toAnswer: 200)
            try check(try launcher.wait(for: "/metrics", toAnswer: 200), launcher)
        }
    }

    @Test(
        .enabled(if: MachineTool.promtool.isTested, "promtool is not installed (Debian: prometheus)"),
        arguments: Mode.available
    )
    func tellOfAppsInAllKindsOfStates(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.removeRule("notebook")
            for name in ["bad", "gone", "slow"] {
                launcher.podInfo.setRule(name, port: Port.free(), prefix: "/ingress/\(name)/")
            }
            try launcher.startUp([
                "--app", "tensorboard", "--app", "app bad --max-restarts 1 -- sh -c 'exit 3'", "--app",
                "app gone -- /no/such/program", "--app", "app slow -- sleep 1000", "--app", "app none -- true",
            ])
            let states = [
                "tensorboard": "ready", "bad": "failed", "gone": "failed", "slow": "starting", "none": "waiting",
            ]
            func has(_ sample: String, in text: String) -> Bool { text.contains("\n\(sample)\n") }
            let text = try launcher.wait(for: "all apps to be where they go") {
                let text = launcher.probe("/metrics")?.body ?? ""
                let isSo = states.allSatisfy {
                    has("crater_run_app_state{app=\"\($0.key)\",state=\"\($0.value)\"} 1", in: text)
                }
                return isSo ? text : nil
            }
            try check(text, launcher)
            #expect(has("crater_run_ready 1", in: text))
            #expect(has(#"crater_run_app_ready{app="tensorboard"} 1"#, in: text))
            #expect(has(#"crater_run_app_restarts_total{app="bad"} 1"#, in: text))
            #expect(has(#"crater_run_app_last_exit_code{app="bad"} 3"#, in: text))
            #expect(
                has(
                    "crater_run_rule_info{rule=\"tensorboard\",port=\"\(launcher.port)\",app=\"tensorboard\",external=\"false\"} 1",
                    in: text))
            for secret in ["ingress/", launcher.root, "liuxw24"] { #expect(!text.contains(secret)) }
        }
    }
}
