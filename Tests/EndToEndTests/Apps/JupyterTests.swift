import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Real Jupyters from PyPI: JupyterLab and Notebook 7 with ipykernel 7, the classic Notebook with ipykernel 6, which does not
/// notice by itself that its Notebook is gone when it is given to a subreaper.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct JupyterTests {
    /// A Jupyter that is stopping ends with an error at the second stop signal, which comes after half of this time: on a
    /// busy machine, the usual time is too short for its last steps.
    private func withJupyter(_ mode: Mode = .subreaper, _ body: (Launcher) throws -> Void) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["CRATER_RUN_STOP_TIMEOUT"] = "40s"
            try body(launcher)
        }
    }

    /// As the platform reads a pod's log.
    private func tokens(in text: String) -> [String] {
        text.matches(of: /\?token=([a-zA-Z0-9]+)/).map { String($0.1) }
    }

    private func words(_ app: RealApp) -> [String] { app.interface.map { ["--interface", $0] } ?? [] }

    private func status(_ launcher: Launcher, token: String?, under prefix: String? = nil) -> Int? {
        let query = token.map { "?token=\($0)" } ?? ""
        return HTTP.get("\(prefix ?? launcher.prefix)api/status\(query)", port: launcher.port)?.status
    }

    private func base(_ launcher: Launcher, under prefix: String? = nil) -> String {
        "http://127.0.0.1:\(launcher.port)\(prefix ?? launcher.prefix)"
    }

    /// Stops it when it has nothing more to write: Jupyter's handler of SIGTERM writes to the log, and where the signal comes
    /// while another line is being written it fails, and the signal is lost (SIGKILL follows then).
    private func stop(_ launcher: Launcher, under prefix: String? = nil) throws -> Ending {
        // One thing after the other: what was asked before this has been logged when this is answered, which is not.
        #expect(HTTP.get("\(prefix ?? launcher.prefix)api", port: launcher.port)?.status == 200)
        return try launcher.stop()
    }

    /// Kernels and terminals, and what was started in them.
    private func inhabitants(_ launcher: Launcher) -> Set<ProcessIdentity> {
        let lines = launcher.commandLines()
        return Set(
            launcher.living().map(\.identity).filter { identity in
                let line = lines[identity.pid] ?? ""
                return ["ipykernel", "sleep 98765", "/bin/sh -l", "/bin/bash -l"].contains { line.contains($0) }
            })
    }

    /// Opens a kernel and a terminal, each with a process that leaves its session.
    private func inhabit(_ launcher: Launcher, _ app: RealApp, token: String, under prefix: String? = nil) throws {
        let code = """
            import subprocess, os
            subprocess.Popen(["sleep", "98765"], start_new_session=True)
            print("KERNEL", 6 * 7, [name for name, value in os.environ.items() if name == "JUPYTER_TOKEN" and value])
            """
        let printed = try launcher.client(
            "jupyter_client", of: app, base(launcher, under: prefix), token, "kernel", code)
        #expect(printed == "KERNEL 42 []\n")
        try launcher.client(
            "jupyter_client", of: app, base(launcher, under: prefix), token, "terminal", "setsid -f sleep 98765")
    }

    @Test(arguments: RealApp.available([.lab, .notebook, .classic]))
    func behindALoginItListensAtASocketAlone(app: RealApp) throws {
        try withJupyter { launcher in
            launcher.environment["CRATER_RUN_LOGIN_KEY"] = "a key of our own"
            try launcher.use(app, rule: "notebook")
            try launcher.serve("jupyter", words(app))
            let line = try launcher.line("crater-run: jupyter: open /ingress/liuxw24-379e0/?token=", "#key=")
            let token = try #require(tokens(in: line).first)
            #expect(tokens(in: launcher.everything) == [token])
            let shown = try #require(try launcher.shownSupervisor()["jupyter"])
            let server = try #require(launcher.hostPID(of: shown.pid ?? -1))
            let socket = try #require(shown.backend?.socket)
            #expect(shown.backend?.port == nil && HostProcesses.listeningPorts(of: [server]) == [])
            #expect((try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int) == 0o600)
            #expect(status(launcher, token: token) == 401)
            let bearer = ["Authorization: Bearer a key of our own"]
            let path = "\(launcher.prefix)api/status"
            #expect(HTTP.get("\(path)?token=\(token)", port: launcher.port, fields: bearer)?.status == 200)
            #expect(HTTP.get(path, port: launcher.port, fields: bearer)?.status == 403)

            // The socket that a killed Jupyter leaves behind is in nobody's way, and its token stays the same.
            kill(server, SIGKILL)
            try launcher.line("jupyter: ready")
            try launcher.wait(until: "the next Jupyter") {
                HTTP.get("\(path)?token=\(token)", port: launcher.port, fields: bearer)?.status == 200
            }
            #expect(launcher.errors.lines.count { $0.hasPrefix("crater-run: ") && !tokens(in: $0).isEmpty } == 1)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [] && !FileManager.default.fileExists(atPath: socket))
        }
    }

    @Test(arguments: RealApp.available([.lab, .notebook, .classic]), Mode.available)
    func isServedWithOneTokenAndLeavesNothingBehind(app: RealApp, mode: Mode) throws {
        try withJupyter(mode) { launcher in
            try launcher.use(app, rule: "notebook")
            try launcher.serve("jupyter", words(app))
            try launcher.line("jupyter: ready", "at /ingress/liuxw24-379e0/")
            let line = try launcher.line("crater-run: jupyter: open /ingress/liuxw24-379e0/?token=")
            let token = try #require(tokens(in: line).first)
            #expect(token.utf8.count == 48)
            #expect(tokens(in: launcher.everything) == [token])
            #expect(status(launcher, token: token) == 200)
            #expect(status(launcher, token: nil) == 403)
            #expect(HTTP.get("/", port: launcher.port)?.status == 404)

            try inhabit(launcher, app, token: token)
            let first = inhabitants(launcher)
            #expect(first.count >= 4)
            // Nobody in the container can read it from the table of processes.
            #expect(launcher.commandLines().values.filter { $0.contains(token) } == [])
            for row in launcher.living() {
                let environment = (try? SmallFile.read("/proc/\(row.identity.pid)/environ")) ?? []
                #expect(!String(decoding: environment, as: UTF8.self).contains(token), "\(row.name)")
            }

            // It is killed: kernels and terminals have sessions of their own, and nobody to end them.
            let leader = try #require(
                launcher.living().first { $0.parent == launcher.pid && $0.group == $0.identity.pid })
            kill(leader.identity.pid, SIGKILL)
            try launcher.line("jupyter: was killed by SIGKILL", "starting it again in")
            try launcher.line("jupyter: ready", "at /ingress/liuxw24-379e0/")
            #expect(inhabitants(launcher).isDisjoint(with: first))
            #expect(status(launcher, token: token) == 200)

            // Its rule changes.
            try inhabit(launcher, app, token: token)
            let second = inhabitants(launcher)
            #expect(second.count >= 4)
            let other = "/ingress/liuxw24-0ther/"
            launcher.podInfo.setRule("notebook", port: launcher.port, prefix: other)
            try launcher.podInfo.write()
            try launcher.line("jupyter: 1 kernel ends with it")
            try launcher.line("jupyter: ready", "at /ingress/liuxw24-0ther/")
            #expect(inhabitants(launcher).isDisjoint(with: second))
            #expect(status(launcher, token: token, under: other) == 200)
            #expect(status(launcher, token: token) == 404)

            // All is over.
            try inhabit(launcher, app, token: token, under: other)
            let ending = try stop(launcher, under: other)
            #expect(ending == .exited(0), "\(launcher.log)")
            #expect(launcher.leftovers() == [])
            // Before the token of ours nothing that looks like one, and after it none of ours.
            #expect(tokens(in: launcher.everything).first == token)
            #expect(launcher.errors.lines.count { $0.hasPrefix("crater-run: ") && !tokens(in: $0).isEmpty } == 1)
            #expect(launcher.privateFiles == [])
        }
    }

    struct Own: CustomTestStringConvertible {
        var variables: [String: String] = [:]
        /// Written to the user's configuration, by file name.
        var files: [String: String] = [:]
        let token: String

        var testDescription: String { "\(variables) \(files)" }
    }

    /// People copy an old configuration's settings to a new file: notebook_shim gives them precedence over flags.
    private static let stale = """
        c.NotebookApp.base_url = "/elsewhere/"
        c.NotebookApp.port = 1
        c.NotebookApp.ip = "127.0.0.1"

        """

    @Test(
        arguments: RealApp.available([.lab, .classic]),
        [
            Own(variables: ["JUPYTER_TOKEN": "envtoken1"], token: "envtoken1"),
            Own(
                variables: ["JUPYTER_TOKEN": "", "JUPYTER_TOKEN_FILE": "../home/secret"],
                files: ["../secret": "filetoken1"],
                token: "filetoken1"),
            Own(
                files: [
                    "jupyter_server_config.py": stale + "c.IdentityProvider.token = 'configtoken1'\n",
                    "jupyter_notebook_config.py": stale + "c.NotebookApp.token = 'configtoken1'\n",
                ],
                token: "configtoken1"),
        ]
    )
    func takesTheUsersOwnToken(app: RealApp, own: Own) throws {
        try withJupyter { launcher in
            try launcher.use(app, rule: "jupyter")
            launcher.environment.merge(own.variables) { $1 }
            let folder = "\(launcher.root)/home/.jupyter"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, text) in own.files {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            // A Service named jupyter in the pod's namespace.
            launcher.environment["JUPYTER_PORT"] = "tcp://10.96.0.1:8888"
            try launcher.serve("jupyter", ["--public-host", "gpu.example.org", "--log-level", "error"])
            let line = try launcher.line(
                "jupyter: open https://gpu.example.org/ingress/liuxw24-379e0/?token=\(own.token)")
            #expect(tokens(in: line) == [own.token])
            #expect(status(launcher, token: own.token) == 200)
            #expect(status(launcher, token: nil) == 403)
            // Kernels and terminals have no variable with it, whoever set it; nor does the server's own environment.
            try inhabit(launcher, app, token: own.token)
            for row in launcher.living() where row.identity.pid != launcher.pid {
                let environment = (try? SmallFile.read("/proc/\(row.identity.pid)/environ")) ?? []
                #expect(!String(decoding: environment, as: UTF8.self).contains(own.token), "\(row.name)")
            }
            let ending = try stop(launcher)
            #expect(ending == .exited(0), "\(launcher.log)")
            #expect(tokens(in: launcher.everything).first == own.token)
            #expect(launcher.privateFiles == [])
        }
    }

    @Test(arguments: RealApp.available([.lab]))
    func hasAHomeWhereThereIsNone(app: RealApp) throws {
        try withJupyter { launcher in
            try launcher.use(app, rule: "jupyter")
            launcher.environment["HOME"] = "/does/not/exist"
            try launcher.serve("jupyter")
            try launcher.line("HOME is /does/not/exist, which is not there: HOME is \(launcher.root)/run/")
            let line = try launcher.line("jupyter: open")
            try inhabit(launcher, app, token: try #require(tokens(in: line).first))
            let ending = try stop(launcher)
            #expect(ending == .exited(0), "\(launcher.log)")
            #expect(launcher.leftovers() == [])
            #expect(launcher.privateFiles == [])
        }
    }

    @Test(arguments: RealApp.available([.lab, .classic]))
    func worksWithAFlagThatSaysTheSame(app: RealApp) throws {
        try withJupyter { launcher in
            try launcher.use(app, rule: "jupyter")
            try launcher.serve(
                "jupyter",
                ["--", "--port", "\(launcher.port)", "--ip=0.0.0.0", "--ServerApp.token=", "--NotebookApp.token="])
            try launcher.line("warning: without a token")
            try launcher.line("jupyter: open /ingress/liuxw24-379e0/; it asks for no token")
            #expect(status(launcher, token: nil) == 200)
            let ending = try stop(launcher)
            #expect(ending == .exited(0), "\(launcher.log)")
            #expect(tokens(in: launcher.everything) == [])
        }
    }

    @Test(arguments: RealApp.available([.lab]))
    func refusesFlagsThatContradictTheRule(app: RealApp) throws {
        for flag in ["--ServerApp.port=1", "--IdentityProvider.token=geheim"] {
            try withJupyter { launcher in
                try launcher.use(app, rule: "jupyter")
                try launcher.serve("jupyter", ["--", flag])
                #expect(try launcher.end() == .exited(64))
                #expect(!launcher.everything.contains("geheim"))
            }
        }
    }
}
