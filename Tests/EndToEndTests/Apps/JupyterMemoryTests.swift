import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Real Jupyters where no directory is safe for a token.
@Suite(
    .serialized, .timeLimit(TestTime.limit),
    .enabled(if: getuid() == 0 || Mode.isOnCI, "file systems are not tested here: needs root"))
struct JupyterMemoryTests {
    private func status(_ launcher: Launcher, token: String) -> Int? {
        HTTP.get("\(launcher.prefix)api/status?token=\(token)", port: launcher.port)?.status
    }

    private func start(_ launcher: Launcher, _ app: RealApp, _ variables: [String: String] = [:]) throws {
        try launcher.use(app, rule: "jupyter")
        launcher.environment.merge(variables) { $1 }
        launcher.useOwnMounts(
            then: "chmod 0777 /tmp /dev/shm; mount -t tmpfs -o mode=777 none /var/tmp; mount -o remount,ro /run",
            as: ["env", "--unset=CRATER_RUN_DIR"])
        try launcher.startUp(["--app", "jupyter"])
    }

    /// That a kernel has neither a variable with the token nor the memory that it came from.
    private func checkKernel(_ launcher: Launcher, _ app: RealApp, token: String) throws {
        let code = """
            import os
            found = [name for name, value in os.environ.items() if "\(token)" in value]
            files = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{n}")]
            print("KERNEL", found, [name for name in files if "memfd" in name])
            """
        let base = "http://127.0.0.1:\(launcher.port)\(launcher.prefix)"
        let printed = try launcher.client("jupyter_client", of: app, base, token, "kernel", code)
        #expect(printed == "KERNEL [] []\n")
    }

    @Test(arguments: RealApp.available([.lab, .classic]))
    func theTokenComesFromMemoryAndStaysTheSame(app: RealApp) throws {
        try withLauncher { launcher in
            try start(launcher, app)
            try launcher.line("warning: no directory for the control socket is to be had")
            try launcher.line(
                "warning: there is no place for a private directory", "/tmp can be written to by everybody")
            let line = try launcher.line("crater-run: jupyter: open /ingress/liuxw24-379e0/?token=")
            let token = try #require(line.split(separator: "=").last.map(String.init))
            #expect(token.utf8.count == 48 && status(launcher, token: token) == 200)
            #expect(status(launcher, token: "wrong") == 403)
            try checkKernel(launcher, app, token: token)

            // The app dies, and then who looks after it.
            let leader = try #require(
                launcher.living().first { launcher.commandLines()[$0.identity.pid]?.contains("port_retries") ?? false })
            kill(leader.identity.pid, SIGKILL)
            try launcher.line("jupyter: was killed by SIGKILL")
            try launcher.line("jupyter: ready")
            #expect(status(launcher, token: token) == 200)
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.line("the supervisor of the apps", "starting it again")
            try launcher.line("jupyter: ready")
            #expect(status(launcher, token: token) == 200)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            let told = launcher.everything.matches(of: /\?token=([a-zA-Z0-9]+)/).map { String($0.1) }
            // The classic Notebook writes a wrong one to its log.
            #expect(told.filter { $0 != "wrong" } == [token])
        }
    }

    /// What the user's configuration says wins, and the token that is not in force is nowhere to be read.
    @Test(arguments: RealApp.available([.lab, .classic]))
    func aTokenThatIsNotInForceIsNotShown(app: RealApp) throws {
        try withLauncher { launcher in
            let folder = "\(launcher.root)/home/.jupyter"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, setting) in [
                ("jupyter_server_config.py", "c.IdentityProvider.token"),
                ("jupyter_notebook_config.py", "c.NotebookApp.token"),
            ] {
                try "\(setting) = 'configtoken1'\n".write(
                    toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            try start(launcher, app)
            try launcher.line("jupyter: open /ingress/liuxw24-379e0/; its configuration decides how to log in")
            #expect(status(launcher, token: "configtoken1") == 200)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(!launcher.everything.contains(/\?token=[a-zA-Z0-9]/))
        }
    }

    @Test(arguments: RealApp.available([.lab, .classic]))
    func theUsersOwnComesFromMemoryToo(app: RealApp) throws {
        try withLauncher { launcher in
            try start(launcher, app, ["JUPYTER_TOKEN": "envtoken1"])
            try launcher.line("crater-run: jupyter: open /ingress/liuxw24-379e0/?token=envtoken1")
            #expect(status(launcher, token: "envtoken1") == 200)
            try checkKernel(launcher, app, token: "envtoken1")
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }
}
