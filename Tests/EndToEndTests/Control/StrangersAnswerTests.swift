import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Another user's answer in crater-run's place, and answers that no crater-run gives.
@Suite(.timeLimit(TestTime.limit))
struct StrangersAnswerTests {
    private static let isRoot = getuid() == 0 || Mode.isOnCI
    /// As root has it who looks where everybody looks.
    private static let unset: [String: String?] = ["CRATER_RUN_DIR": nil]

    /// A place of its own in which a stranger has a socket, and where nothing else is.
    private func withStranger(_ body: (Launcher, Client) throws -> Void) throws {
        try withLauncher { launcher in
            launcher.useOwnMounts()
            try launcher.letStrangersIn()
            try launcher.startProgram(["sleep", "1000"])
            let socket = "/tmp/crater-run-12345/control.sock"
            // Only then has it its own /tmp.
            try launcher.wait(until: "it is executed") {
                (try? SmallFile.read("/proc/\(launcher.pid)/comm"))?.elementsEqual("sleep\n".utf8) ?? false
            }
            let answers = [
                "/v1/status": try FalseSupervisor.status("up", app: "tensorboard", port: launcher.port),
                "/readyz": "ok\n", "/livez": "ok\n", "/startupz": "ok\n", "POST": #"{"message": "done"}"#,
            ]
            let stranger = try launcher.beside(
                FalseSupervisor.command(at: socket, answers: answers), wrapper: Launcher.stranger)
            try launcher.wait(until: "the stranger's socket") {
                try launcher.run(["test", "-S", socket]).ending == .exited(0)
            }
            try body(launcher, stranger)
        }
    }

    @Test(.enabled(if: isRoot, "another user is not tested here: it needs root"))
    func whatAStrangerServesIsNoAnswerToRoot() throws {
        try withStranger { launcher, _ in
            for words in [["live"], ["ready"], ["startup"], ["ready", "tensorboard"]] {
                let said = try launcher.run([launcher.strangersBinary, "probe"] + words, Self.unset)
                #expect(said.ending == .exited(1) && said.output == "" && said.lines.count == 1, "\(said)")
                #expect(
                    said.errors.contains(
                        "control.sock: user 12345 serves there, whose answer does not count for user 0 (--user 12345 lets it)"
                    ), "\(said)")
                // Who is named on purpose is trusted.
                let named = try launcher.run(
                    [launcher.strangersBinary, "probe", "--user", "12345"] + words, Self.unset)
                #expect(named.ending == .exited(0) && named.output == "ok\n", "\(named)")
                let variable = try launcher.run(
                    [launcher.strangersBinary, "probe"] + words,
                    ["CRATER_RUN_DIR": nil, "CRATER_RUN_PROBE_USER": "12345"])
                #expect(variable.ending == .exited(0), "\(variable)")
                // It is its own user's.
                let own = try launcher.run(
                    [launcher.strangersBinary, "probe"] + words, wrapper: Launcher.stranger, Self.unset)
                #expect(own.ending == .exited(0), "\(own)")
            }
            // For people it says whose it is.
            let status = try launcher.ask("status", changes: Self.unset)
            #expect(
                status.ending == .exited(0) && status.output.hasPrefix("crater-run up (pid 7, of user 12345), "),
                "\(status)")
            // And nobody's environment goes there.
            let handOver = try launcher.ask("visdom", "--detach", changes: Self.unset)
            #expect(
                handOver.ending == .exited(1) && handOver.errors.contains("would get this environment"), "\(handOver)")
        }
    }

    /// It neither hides the real one, nor is told what that one is asked to do.
    @Test(.enabled(if: isRoot, "another user is not tested here: it needs root"))
    func aStrangersSocketBesideOursIsNotAsked() throws {
        try withStranger { launcher, _ in
            let own = try launcher.beside(
                [launcher.strangersBinary, "tensorboard", "--annotations", launcher.podInfo.path], Self.unset)
            try launcher.line("tensorboard: ready", of: own)
            let probe = try launcher.ask("probe", "ready", changes: Self.unset)
            #expect(probe.ending == .exited(0), "\(probe)")
            let status = try launcher.ask("status", changes: Self.unset)
            #expect(status.output.hasPrefix("crater-run tensorboard (pid "), "\(status)")
            // What answers "done" is the stranger.
            let restart = try launcher.ask("restart", "tensorboard", "--no-wait", changes: Self.unset)
            #expect(restart.ending == .exited(0) && restart.output.hasPrefix("tensorboard: "), "\(restart)")
            try launcher.line("asked", of: own)
            own.send(SIGTERM)
            _ = try launcher.end(of: own)
        }
    }

    /// The same at the TCP port, which any user may listen at.
    @Test(.enabled(if: isRoot, "another user is not tested here: it needs root"))
    func whatAStrangerServesAtThePortIsNoAnswerToRoot() throws {
        try withLauncher { launcher in
            try launcher.letStrangersIn()
            let answers = ["/readyz": "ok\n", "/livez": "ok\n"]
            let stranger = try SpawnedProcess(
                Launcher.stranger + FalseSupervisor.command(at: "\(launcher.healthPort)", answers: answers),
                environment: Launcher.callersEnvironment(["PATH"]))
            try launcher.wait(until: "the stranger's answer") {
                HTTP.get("/readyz", port: launcher.healthPort)?.status == 200
            }
            for question in ["ready", "live"] {
                let said = try launcher.ask("probe", question)
                #expect(said.ending == .exited(1), "\(said)")
                #expect(said.errors.contains("port \(launcher.healthPort): user 12345 serves there"), "\(said)")
                #expect(try launcher.ask("probe", question, "--user", "12345").ending == .exited(0))
                #expect(try launcher.askAsStranger("probe", question).ending == .exited(0))
            }
            #expect(!stranger.hasEnded)
        }
    }

    /// A start script that goes down to a user before crater-run, and probes that run as root.
    @Test(.enabled(if: isRoot, "another user is not tested here: it needs root"), arguments: Mode.available)
    func aCraterRunBelowSudoIsNamedToItsProbes(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.useOwnMounts(as: Launcher.stranger + ["env", "--unset=CRATER_RUN_DIR"])
            try GatedJob.prepare(in: launcher.work)
            try launcher.letStrangersIn()
            try launcher.startProgram(
                [launcher.strangersBinary, "up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"]
                    + GatedJob.command)
            try launcher.waitUntilReady()
            let port = "\(launcher.healthPort)"
            let unknown = try launcher.ask("probe", "ready", "--health-port", port, changes: Self.unset)
            #expect(unknown.ending == .exited(1) && unknown.errors.contains("--user 12345 lets it"), "\(unknown)")
            for words in [["ready"], ["live"], ["ready", "tensorboard"]] {
                let named = try launcher.run(
                    [launcher.strangersBinary, "probe", "--user", "12345"] + words, Self.unset)
                #expect(named.ending == .exited(0), "\(named)")
                let own = try launcher.run(
                    [launcher.strangersBinary, "probe"] + words, wrapper: Launcher.stranger, Self.unset)
                #expect(own.ending == .exited(0), "\(own)")
            }
            // Anybody may ask for the status, and root may do what it likes.
            #expect(try launcher.ask("status", changes: Self.unset).output.contains(", of user 12345)"))
            #expect(try launcher.ask("restart", "tensorboard", changes: Self.unset).ending == .exited(0))
            try launcher.finishJob(code: 3)
            #expect(try launcher.end() == .exited(3))
        }
    }

    @Test(arguments: ["x", "-1", "4294967296", "root", ""])
    func aUserIsANumber(user: String) throws {
        try withLauncher { launcher in
            let said = try launcher.ask("probe", "ready", "--user", user)
            #expect(said.ending == .exited(64), "\(said)")
        }
    }

    /// Whoever gives it: it costs neither memory nor time.
    @Test(arguments: ["socket", "port"])
    func anAnswerWithoutEndIsNone(place: String) throws {
        try withLauncher { launcher in
            let answers = ["/readyz": "…", "/v1/status": "{…"]
            let server = try FalseSupervisor(
                at: place == "socket" ? launcher.socket : "\(launcher.healthPort)", answers: answers)
            let code = """
                import resource, subprocess, sys
                code = subprocess.run(sys.argv[1:]).returncode
                print("most", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                sys.exit(code)
                """
            for words in [["probe", "ready"], ["probe", "ready", "--timeout", "30s"], ["status"], ["doctor"]] {
                let said = try launcher.run([Shell.python, "-c", code, TestBinary.path] + words)
                #expect(said.ending != .exited(0), "\(said)")
                if words[0] == "probe" { #expect(said.errors.contains("longer than 1 MiB"), "\(said)") }
                let most = said.output.split(separator: "\n").last?.split(separator: " ").last.flatMap { Int($0) }
                // In KiB. The program itself takes most of it.
                #expect(try #require(most) < 64 << 10, "\(said)")
            }
            #expect(!server.process.hasEnded)
        }
    }
}
