import Foundation
import Glibc
import Testing

/// A real Jupyter that works is not put to sleep.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct JupyterSleepTests {
    private func open(_ app: RealApp, _ launcher: Launcher) throws -> [String] {
        try launcher.use(app, rule: "jupyter")
        let words = app.interface.map { ["--interface", $0] } ?? []
        try launcher.serve("jupyter", words + ["--sleep-after", "2s"])
        let line = try launcher.line("crater-run: jupyter: open \(launcher.prefix)?token=")
        let token = try #require(line.firstMatch(of: /\?token=([a-zA-Z0-9]+)/)?.1)
        return ["http://127.0.0.1:\(launcher.port)\(launcher.prefix)", String(token)]
    }

    /// When Jupyter was used last, as the metrics have it.
    private func lastUse(_ launcher: Launcher) -> Double? {
        let name = #"crater_run_app_last_activity_timestamp_seconds{app="jupyter"} "#
        let line = launcher.probe("/metrics")?.body.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Double($0.dropFirst(name.count)) }
    }

    /// Waits until at least two further checks have found it at work: the first change may be a use.
    private func waitForChecks(_ launcher: Launcher) throws {
        for _ in 0..<3 {
            let last = lastUse(launcher)
            try launcher.wait(until: "a check") { lastUse(launcher) != last }
        }
        #expect(try launcher.shownSupervisor()["jupyter"]?.state == "ready")
    }

    @Test(arguments: RealApp.available([.lab, .classic])) func aBusyKernelKeepsItAwake(app: RealApp) throws {
        try withLauncher { launcher in
            let place = try open(app, launcher)
            // The sleep is the kernel's, so that its loop leaves the processor to others. No result depends on its length.
            let code = "import os, time\nwhile not os.path.exists('go'): time.sleep(.01)"
            let client = try launcher.beside(
                ["\(app.bin ?? "")/python", "-B", "\(Launcher.clients)jupyter_client.py"] + place + ["kernel", code])
            defer { client.send(SIGKILL) }
            try launcher.wait(until: "a kernel") {
                launcher.commandLines().values.contains { $0.contains("ipykernel") }
            }
            try waitForChecks(launcher)
            #expect(FileManager.default.createFile(atPath: "\(launcher.work)/go", contents: nil))
            try launcher.line("1 kernel ends with it")
            try launcher.line("jupyter: asleep")
            // The same link opens it again.
            #expect(HTTP.get(launcher.prefix, port: launcher.port)?.status == 503)
            try launcher.line("jupyter: ready after")
            let token = ["Authorization: token \(place[1])"]
            #expect(HTTP.get("\(launcher.prefix)api/status", port: launcher.port, fields: token)?.status == 200)
            _ = try launcher.stop()
        }
    }

    @Test(arguments: RealApp.available([.lab, .classic])) func aProgramInATerminalKeepsItAwake(app: RealApp) throws {
        try withLauncher { launcher in
            let place = try open(app, launcher)
            try launcher.client("jupyter_client", of: app, place[0], place[1], "terminal", "sleep 4321 & true")
            try waitForChecks(launcher)
            let program = launcher.commandLines().first { $0.value.contains("sleep 4321") }
            kill(try #require(program).key, SIGKILL)
            try launcher.line("jupyter: asleep")
            _ = try launcher.stop()
        }
    }
}
