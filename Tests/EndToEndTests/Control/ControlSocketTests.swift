import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// The control socket as curl sees it.
@Suite(.timeLimit(TestTime.limit), .enabled(if: Curl.isThere || Mode.isOnCI, "the control socket needs curl"))
struct ControlSocketTests {
    private func withApp(_ mode: Mode = .subreaper, _ body: (Launcher) throws -> Void) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            try body(launcher)
        }
    }

    @Test(arguments: Mode.available)
    func curlAndTheCommandsAgree(mode: Mode) throws {
        try withApp(mode) { launcher in
            let fetched = try launcher.curl("/v1/status")
            #expect(fetched.status == 200)
            let status = try JSONDecoder().decode(ShownStatus.Supervisor.self, from: Data(fetched.body.utf8))
            #expect(try launcher.shownSupervisor() == status)
            for (path, words) in [
                ("/livez", ["live"]), ("/readyz", ["ready"]), ("/startupz", ["startup"]),
                ("/readyz/tensorboard", ["ready", "tensorboard"]), ("/readyz/nobody", ["ready", "nobody"]),
            ] {
                let answer = try launcher.curl(path)
                let said = try launcher.run([TestBinary.path, "probe"] + words)
                #expect((said.ending == .exited(0)) == (answer.status == 200))
                #expect(said.lines.first == answer.body.split(separator: "\n").first.map(String.init))
            }
        }
    }

    @Test func changesWhatIsServed() throws {
        try withApp { launcher in
            let stop = try launcher.curl("/v1/apps/tensorboard/stop", method: "POST")
            #expect(stop.status == 202 && stop.body.contains("tensorboard: stopping"))
            try launcher.waitUntilShown("tensorboard", "stopped")
            #expect(try launcher.curl("/readyz/tensorboard").status == 503)
            #expect(try launcher.curl("/v1/apps/tensorboard/start", method: "POST").status == 202)
            try launcher.waitUntilShown("tensorboard", "ready")
            #expect(try launcher.curl("/v1/apps/tensorboard/restart", method: "POST").status == 202)
            _ = try launcher.launch(3)
            #expect(launcher.launches.prefix(2).allSatisfy { $0.signals.first == SIGTERM })
        }
    }

    @Test func refusesWhatItDoesNotKnow() throws {
        try withApp { launcher in
            #expect(try launcher.curl("/v1/apps/tensorboard/stop").status == 405)
            #expect(try launcher.curl("/v1/apps/tensorboard/stop", method: "DELETE").status == 405)
            #expect(try launcher.curl("/v1/status", method: "POST").status == 405)
            #expect(try launcher.curl("/v1/apps/tensorboard/kill", method: "POST").status == 404)
            #expect(try launcher.curl("/v2/status").status == 404)
            let unknown = try launcher.curl("/v1/apps/nobody/stop", method: "POST")
            #expect(unknown.status == 404 && unknown.body.contains("there are tensorboard"))
            #expect(try launcher.curl("/v1/apps", method: "POST").status == 400)
            #expect(try launcher.shownSupervisor()["tensorboard"]?.state == "ready")
        }
    }

    @Test func refusesChangesWhileItStops() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard --stop-timeout 1h"], job: [])
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.line("stopping")
            let answer = try launcher.curl("/v1/apps/tensorboard/start", method: "POST")
            #expect(answer.status == 409 && answer.body.contains("crater-run is stopping"))
            #expect(try launcher.shownSupervisor().stopping)
            #expect(try launcher.ask("probe", "ready").ending == .exited(1))
            #expect(try launcher.ask("probe", "live").ending == .exited(0))
            #expect(try launcher.ask("restart", "tensorboard").errors.contains("crater-run is stopping"))
            try? launcher.tell("exit:0")
            _ = try launcher.end()
            #expect(launcher.controlFiles == [])
        }
    }

    /// Over TCP nothing can be changed, and nothing but health is shown.
    @Test func theTCPPortIsReadOnly() throws {
        try withApp { launcher in
            #expect(HTTP.get("/readyz", port: launcher.healthPort)?.status == 200)
            #expect(HTTP.get("/v1/status", port: launcher.healthPort)?.status == 404)
            #expect(HTTP.get("/v1/apps/tensorboard/stop", port: launcher.healthPort)?.status == 404)
        }
    }
}
