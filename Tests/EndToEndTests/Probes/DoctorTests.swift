import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `crater-run doctor` on set-ups that are broken, each in one place.
@Suite(.timeLimit(TestTime.limit))
struct DoctorTests {
    /// What `--output json` prints.
    private struct Report: Decodable {
        struct Check: Decodable {
            let id: String
            let status: String
            let app: String?
            let message: String
            let remedy: String?
        }

        let checks: [Check]
        let ok: Bool

        var broken: Check? { checks.first { $0.status == "failed" } }
    }

    /// Runs `doctor` on the launcher's volume, as in a pod.
    private func examine(_ launcher: Launcher, _ words: [String] = ["tensorboard"], path: String? = nil) throws
        -> Report
    {
        launcher.environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
        let all = ["doctor", "--annotations", path ?? launcher.podInfo.path, "--output", "json"] + words
        try launcher.startCommand(all)
        let ending = try launcher.end()
        let report = try JSONDecoder().decode(Report.self, from: Data(launcher.output.bytes))
        #expect(ending == .exited(report.ok ? 0 : 1))
        #expect(report.ok == (report.broken == nil))
        #expect(launcher.errors.text == "")
        #expect(report.checks.allSatisfy { ($0.remedy != nil) == ($0.status == "failed") })
        return report
    }

    // MARK: - All is well

    @Test func findsNothingWrongWhereAllIsWell() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let library = "\(launcher.root)/lib/python3.11/site-packages/tensorboard-2.21.0.dist-info"
            try FileManager.default.createDirectory(atPath: library, withIntermediateDirectories: true)
            let app = try Bystander(port: launcher.port)
            let report = try examine(launcher)
            #expect(report.ok, "\(launcher.log)")
            #expect(
                report.checks.map(\.id) == [
                    "pod", "volume", "readable", "item", "updates", "rules", "supervisor", "memory", "rule",
                    "executable", "port",
                    "listening", "answer",
                ])
            // Nobody looks after the app, which is nothing that is broken; and whom the kernel takes first is never.
            let others = report.checks.filter { $0.id != "memory" }
            #expect(others.allSatisfy { $0.status == ($0.id == "supervisor" ? "skipped" : "ok") })
            let program = "\(launcher.bin)/tensorboard, version 2.21.0"
            #expect(report.checks.contains { $0.message.hasPrefix(program) })
            #expect(report.checks.contains { $0.message.contains("(pid \(app.process.pid))") })
        }
    }

    /// It starts nothing, and the app that it finds goes on.
    @Test func looksAtAnAppThatACraterRunServes() throws {
        try withLauncher { server in
            try server.start()
            try server.waitUntilReady()
            try withLauncher { launcher in
                let report = try examine(launcher, path: server.podInfo.path)
                #expect(report.ok, "\(launcher.log)")
                let port = report.checks.first { $0.id == "port" }
                #expect(port?.message.hasSuffix("served by crater-run (pid \(server.pid))") == true)
                #expect(launcher.launches.isEmpty)
            }
            #expect(server.readiness()?.status == 200)
        }
    }

    private static let isRoot = getuid() == 0 || Mode.isOnCI

    /// Its socket is nowhere that is known here.
    @Test(.enabled(if: isRoot, "mounts of its own need root"))
    func asksThePortWhereThereIsNoSocket() throws {
        try withLauncher { server in
            for rule in ["notebook", "lars"] { server.podInfo.removeRule(rule) }
            server.environment["CRATER_RUN_DIR"] = "\(server.root)/elsewhere"
            server.useOwnMounts()
            try server.letStrangersIn()
            try server.startUp(["--app", "tensorboard"])
            try server.waitUntilReady()
            let changes = ["CRATER_RUN_DIR": server.runDirectory, "CRATER_RUN_ANNOTATIONS": server.podInfo.path]
            let doctor = try server.ask("doctor", changes: changes.merging(["KUBERNETES_SERVICE_HOST": "::1"]) { $1 })
            #expect(doctor.ending == .exited(0), "\(doctor)")
            #expect(
                doctor.output.contains("✓ supervisor: one answers at port \(server.healthPort), of this container or"),
                "\(doctor)")
            #expect(doctor.output.contains("tensorboard serving: it is ready"))
            let status = try server.ask("status", changes: changes)
            #expect(status.ending == .exited(69))
            #expect(status.errors.contains("a crater-run answers at port \(server.healthPort)"), "\(status)")
            // Nobody is asked; and somebody answers who is no crater-run.
            for port in ["off", "\(server.port)"] {
                let other = changes.merging(["CRATER_RUN_HEALTH_PORT": port]) { $1 }
                #expect(try server.ask("status", changes: other).errors.contains("no crater-run serves apps"))
                #expect(
                    try server.ask("doctor", changes: other).output
                        .contains("a crater-run runs as pid "))
            }
        }
    }

    /// It finds no directory for a socket.
    @Test(.enabled(if: isRoot, "file systems that cannot be written to need root"))
    func findsACraterRunThatCanWriteNowhere() throws {
        try withLauncher { server in
            for rule in ["notebook", "lars"] { server.podInfo.removeRule(rule) }
            server.hasItsOwnMounts = true
            server.wrapper =
                ["unshare", "--mount", "sh", "-euc", ControlPlaceTests.readOnly, server.root]
                + ["env", "--unset=CRATER_RUN_DIR"]
            try server.letStrangersIn()
            try server.startUp(["--app", "tensorboard"])
            try server.waitUntilReady()
            let doctor = try server.ask(
                "doctor",
                changes: [
                    "CRATER_RUN_DIR": nil, "CRATER_RUN_ANNOTATIONS": server.podInfo.path,
                    "KUBERNETES_SERVICE_HOST": "::1",
                ])
            #expect(doctor.output.contains("tensorboard is ready"), "\(doctor)")
            #expect(!doctor.output.contains("no crater-run looks after apps"))
        }
    }

    @Test(.enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "it must see no other TensorBoard: this needs root"))
    func saysHowToStartAnAppThatDoesNotRun() throws {
        try withLauncher(.processOne) { launcher in
            try launcher.podInfo.write()
            let report = try examine(launcher)
            #expect(report.ok, "\(launcher.log)")
            let port = report.checks.first { $0.id == "port" }
            #expect(port?.message.hasSuffix("is not running; start it with crater-run tensorboard") == true)
            #expect(launcher.launches.isEmpty)
        }
    }

    // MARK: - The volume and the rules

    /// A volume or a rule that is wrong in one place.
    struct SetUp: CustomTestStringConvertible {
        let testDescription: String
        /// The id of the first line that fails.
        let id: String
        let message: String
        let remedy: String
        /// Breaks it, after it was written as it should be.
        let breakIt: @Sendable (Launcher) throws -> Void

        init(
            _ name: String,
            _ id: String,
            _ message: String,
            remedy: String,
            _ breakIt: @escaping @Sendable (Launcher) throws -> Void
        ) {
            testDescription = name
            self.id = id
            self.message = message
            self.remedy = remedy
            self.breakIt = breakIt
        }

        /// Writes the volume anew, with this in the file.
        static func content(_ text: String) -> @Sendable (Launcher) throws -> Void {
            { try $0.podInfo.write(Array(text.utf8)) }
        }
    }

    private static let setUps = [
        SetUp("no volume", "volume", "there is no directory", remedy: "downwardAPI:") {
            try FileManager.default.removeItem(atPath: $0.podInfo.directory)
        },
        SetUp(
            "no item of this path", "volume", "has no file annotations in it: it is empty", remedy: "path: annotations"
        ) {
            try FileManager.default.removeItem(atPath: $0.podInfo.path)
        },
        SetUp("a directory in its place", "volume", "it is a directory", remedy: "--annotations FILE") {
            try FileManager.default.removeItem(atPath: $0.podInfo.path)
            try FileManager.default.createDirectory(atPath: $0.podInfo.path, withIntermediateDirectories: false)
        },
        SetUp(
            "a single-key item", "item", "metadata.annotations['ingress.crater.raids.io/tensorboard']",
            remedy: "fieldPath: metadata.annotations\n",
            SetUp.content(#"{"Name":"tensorboard","Port":6006,"Prefix":"/ingress/x/"}"#)),
        SetUp(
            "an item of a missing key", "item", "the file is empty", remedy: "metadata.annotations", SetUp.content("")),
        SetUp(
            "the labels", "item", "fieldPath metadata.labels", remedy: "metadata.annotations",
            SetUp.content("app=\"training\"\nteam=\"vision\"")),
        SetUp("a line cut off", "item", "has no closing double quote", remedy: "cat -A") {
            try $0.podInfo.write($0.podInfo.content + Array("\nz=\"".utf8))
        },
        SetUp("what a kubelet left that crashed", "updates", "..data_tmp", remedy: "administrator") {
            try FileManager.default.createSymbolicLink(
                atPath: "\($0.podInfo.directory)/..data_tmp", withDestinationPath: "..nowhere")
        },
        SetUp("no rule", "rules", "the pod has no ingress rule", remedy: "Add a rule on the job's page") {
            for name in ["lars", "tensorboard", "notebook"] { $0.podInfo.removeRule(name) }
            try $0.podInfo.write()
        },
        SetUp("a bad rule", "rules", "its Prefix is not usable", remedy: #""Prefix":"/ingress/USER-12345/""#) {
            $0.podInfo.setRule("tensorboard", port: $0.port, prefix: "//evil")
            try $0.podInfo.write()
        },
        SetUp("no rule of the app", "rule", "cannot find the ingress rule of tensorboard", remedy: "On the job's page")
        {
            $0.podInfo.removeRule("tensorboard")
            try $0.podInfo.write()
        },
        SetUp("two rules of the app", "rule", "cannot tell which ingress rule", remedy: "--rule tb") {
            $0.podInfo.setRule("tb", port: 7007, prefix: "/ingress/liuxw24-00000/")
            try $0.podInfo.write()
        },
        SetUp(
            "no program", "executable", "there is no program no-such-program in any of",
            remedy: "pip install tensorboard"
        ) {
            $0.environment["CRATER_RUN_TENSORBOARD_EXECUTABLE"] = "no-such-program"
        },
        SetUp("a program that cannot be executed", "executable", "it is not a file", remedy: "--executable") {
            $0.environment["CRATER_RUN_TENSORBOARD_EXECUTABLE"] = $0.root
        },
    ]

    @Test(arguments: setUps)
    func namesTheFirstBrokenLink(setUp: SetUp) throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            try setUp.breakIt(launcher)
            let report = try examine(launcher)
            #expect(report.broken?.id == setUp.id, "\(launcher.log)")
            #expect(report.broken?.message.contains(setUp.message) == true, "\(launcher.log)")
            #expect(report.broken?.remedy?.contains(setUp.remedy) == true, "\(launcher.log)")
        }
    }

    @Test(.enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "a mount is not tested here: it needs root"))
    func tellsASubPathMount() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let file = "\(launcher.root)/annotations"
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            let script = #"mount --bind "$0" "$1" && shift && exec "$@""#
            launcher.wrapper = ["unshare", "--mount", "sh", "-c", script, launcher.podInfo.path, file]
            let report = try examine(launcher, path: file)
            #expect(report.broken?.id == "updates", "\(launcher.log)")
            #expect(report.broken?.message.contains("subPath") == true)
            #expect(report.broken?.remedy?.contains("mountPath: ") == true)
        }
    }

    @Test func tellsAFileThatItMayNotRead() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            try Shell.run(
                "chmod 755 $1; chmod 0 $2; cp $3 $1/crater-run", launcher.root, launcher.podInfo.path, TestBinary.path)
            // Root may read everything.
            if geteuid() == 0 {
                launcher.wrapper = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            }
            launcher.environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
            try launcher.startProgram(["\(launcher.root)/crater-run", "doctor", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(1))
            try launcher.outputLine("✓ volume: there is an annotations file")
            try launcher.outputLine("✗ readable: cannot read the annotations file", "permission denied")
            try launcher.outputLine("defaultMode: 0444")
        }
    }

    @Test(arguments: RealApp.available([.visdom]))
    func isNotContentWithAVisdomWithoutItsFilesForBrowsers(app: RealApp) throws {
        try withLauncher { launcher in
            try launcher.use(app, rule: "visdom")
            try launcher.podInfo.write()
            let report = try examine(launcher, ["visdom"])
            #expect(report.broken?.id == "executable", "\(launcher.log)")
            #expect(report.broken?.message.contains("; visdom's page will be empty: ") == true, "\(launcher.log)")
            #expect(report.broken?.remedy?.hasPrefix("Run the command visdom once where there is internet") == true)
        }
    }

    // MARK: - The port

    /// An app that somebody started by hand, and not rightly.
    struct Mistake: CustomTestStringConvertible {
        let testDescription: String
        var path = "/ingress/liuxw24-379e0"
        var host = "0.0.0.0"
        var isElsewhere = false
        let id: String
        let message: String
    }

    @Test(arguments: [
        Mistake(
            testDescription: "on 127.0.0.1 only", host: "127.0.0.1", id: "listening",
            message: "on the loopback address (127.0.0.1) alone"),
        Mistake(
            testDescription: "without the prefix", path: "", id: "answer",
            message: "and 200 at /data/environment: it was started without the prefix"),
        Mistake(
            testDescription: "with another prefix", path: "/ingress/liuxw24-00000", id: "answer",
            message: "it was started with another prefix, /ingress/liuxw24-00000/"),
        Mistake(
            testDescription: "with the wrong --port", isElsewhere: true, id: "port",
            message: "it was started with the wrong --port"),
    ])
    func tellsWhatIsWrongWithAnAppStartedByHand(mistake: Mistake) throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let port = mistake.isElsewhere ? Port.free() : launcher.port
            let app = try Bystander(port: port, path: mistake.path, host: mistake.host)
            let report = try examine(launcher)
            #expect(report.broken?.id == mistake.id, "\(launcher.log)")
            #expect(report.broken?.app == "tensorboard")
            #expect(report.broken?.message.contains(mistake.message) == true, "\(launcher.log)")
            #expect(report.broken?.remedy?.contains("; crater-run tensorboard") == true, "\(launcher.log)")
            #expect(!app.hasEnded)
        }
    }

    @Test func wantsTheCommandsOwnFlagWhereThatListensOnLoopbackAlone() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("lars", port: launcher.port, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            let app = try Bystander(port: launcher.port, host: "127.0.0.1")
            let report = try examine(launcher, ["lars"])
            #expect(report.broken?.id == "listening", "\(launcher.log)")
            let restart = ", then restart it: kill \(app.process.pid); crater-run app lars -- COMMAND"
            #expect(report.broken?.remedy?.contains(restart) == true, "\(launcher.log)")
        }
    }

    /// An app that answers whatever it is asked for with its login.
    @Test(arguments: [("/login", false), ("/ingress/liuxw24-379e0/login", true)])
    func tellsAnAppThatSendsTheBrowserOutOfThePrefix(location: String, isFine: Bool) throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("lars", port: launcher.port, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            let code = """
                import http.server, sys
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(302)
                        self.send_header("Location", sys.argv[2])
                        self.end_headers()
                    def log_message(self, *_):
                        pass
                http.server.HTTPServer(("0.0.0.0", int(sys.argv[1])), Handler).serve_forever()
                """
            let app = try SpawnedProcess(
                [Shell.python, "-S", "-c", code, "\(launcher.port)", location], environment: [])
            try launcher.wait(until: "its login") { HTTP.get("/", port: launcher.port)?.status == 302 }
            let report = try examine(launcher, ["lars"])
            #expect(report.ok == isFine, "\(launcher.log)")
            #expect(!app.hasEnded)
            guard !isFine else { return }
            #expect(report.broken?.id == "answer")
            #expect(
                report.broken?.message.contains(
                    "302 at /ingress/liuxw24-379e0/ and sends the browser to /login, which is outside of the prefix")
                    == true)
            #expect(report.broken?.remedy?.contains("{prefix}") == true)
        }
    }

    @Test func namesWhoeverElseHasThePort() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let other = try SpawnedProcess(
                [Shell.python, "-S", "-m", "http.server", "\(launcher.port)", "--directory", launcher.work],
                environment: [])
            try launcher.wait(until: "the other's page") { HTTP.get("/", port: launcher.port)?.status == 200 }
            let report = try examine(launcher)
            #expect(report.broken?.id == "port", "\(launcher.log)")
            #expect(report.broken?.message.contains("(pid \(other.pid)), which is not tensorboard") == true)
            #expect(report.broken?.remedy?.contains("kill \(other.pid); crater-run tensorboard") == true)
        }
    }

    /// From a pid namespace of its own it sees the listener, and not whose it is.
    @Test(.enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "another pid namespace is not tested here: it needs root"))
    func judgesByTheAnswerWhereItCannotSeeWhoListens() throws {
        try withLauncher(.processOne) { launcher in
            try launcher.podInfo.write()
            let app = try Bystander(port: launcher.port)
            #expect(try examine(launcher).ok, "\(launcher.log)")
            app.end()
            let wrong = try Bystander(port: launcher.port, path: "")
            #expect(try examine(launcher).broken?.id == "answer", "\(launcher.log)")
            wrong.end()
        }
    }

    @Test func saysThatNobodyLooksAfterTheAppOfACraterRunThatWasKilled() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let app = try launcher.launch().pid
            launcher.send(SIGKILL)
            _ = try launcher.end()
            let report = try examine(launcher)
            #expect(report.broken?.id == "supervisor", "\(launcher.log)")
            let serving = report.checks.first { $0.id == "serving" }
            #expect(serving?.message.contains("was killed") == true)
            #expect(serving?.remedy?.contains("kill \(app); crater-run tensorboard") == true, "\(launcher.log)")
        }
    }

    // MARK: - What is printed

    @Test func tellsASupervisorThatWasKilled() throws {
        try withLauncher { server in
            try server.startUp(["--app", "tensorboard"])
            try server.waitUntilReady()
            // Both at once, so that nobody starts another one.
            let supervisor = try server.supervisorPID()
            kill(server.pid, SIGSTOP)
            kill(supervisor, SIGKILL)
            try server.wait(until: "the supervisor is gone") { HostProcesses.row(of: supervisor)?.isZombie ?? true }
            try withLauncher { launcher in
                launcher.environment["CRATER_RUN_DIR"] = "\(server.root)/run"
                let report = try examine(launcher, path: server.podInfo.path)
                #expect(report.broken?.id == "supervisor")
                #expect(report.broken?.message.contains("\(server.root)/run/control.sock") == true, "\(launcher.log)")
            }
        }
    }

    @Test func asksTheSupervisorThatServes() throws {
        try withLauncher { server in
            server.environment["FAKE_STATUS"] = "503"
            try server.startUp(["--app", "tensorboard"])
            try server.line("tensorboard is not ready")
            try withLauncher { launcher in
                launcher.environment["CRATER_RUN_DIR"] = "\(server.root)/run"
                let report = try examine(launcher, path: server.podInfo.path)
                #expect(report.checks.contains { $0.id == "supervisor" && $0.status == "ok" })
                #expect(report.checks.contains { $0.id == "serving" && $0.message.contains("503") }, "\(launcher.log)")
                #expect(!report.ok)
            }
        }
    }

    @Test func showsTheFirstRemedyAlone() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("bad", value: "{}")
            try launcher.podInfo.write()
            launcher.environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            launcher.environment["CRATER_RUN_TENSORBOARD_EXECUTABLE"] = "no-such-program"
            try launcher.startCommand(["doctor", "tensorboard", "bad"])
            #expect(try launcher.end() == .exited(1))
            #expect(launcher.output.text.contains("✓ pod: in a Kubernetes pod: KUBERNETES_SERVICE_HOST is set\n"))
            #expect(launcher.output.text.contains("✗ rules: cannot use the ingress rule bad: it has no Port"))
            #expect(launcher.output.text.contains("    Remove it on the job's page and add it again."))
            #expect(launcher.output.text.contains("✗ tensorboard rule: cannot find the ingress rule"))
            #expect(launcher.output.text.contains("✗ tensorboard executable: cannot start tensorboard"))
            #expect(!launcher.output.text.contains("pip install"))
            #expect(launcher.output.text.contains("– bad rule: its rule bad cannot be used"))
        }
    }

    @Test(arguments: [(["TERM": "xterm"], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false)])
    func isColouredOnATerminalAlone(environment: [String: String], isColoured: Bool) throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let words = ["doctor", "bad", "--annotations", launcher.podInfo.path]
            launcher.environment = environment
            try launcher.startCommand(words)
            #expect(try launcher.end() == .exited(1))
            #expect(!launcher.output.text.contains("\u{1B}"))
            let terminal = try Terminal()
            launcher.streams = [1: terminal.stream]
            try launcher.startCommand(words)
            #expect(try launcher.end() == .exited(1))
            try terminal.wait(for: isColoured ? "\u{1B}[31m✗\u{1B}[0m bad rule: " : "\n✗ bad rule: ")
        }
    }

    @Test func endsWith64ForWrongUsage() throws {
        try withLauncher { launcher in
            for words in [["--public-host", "a b"], ["--output", "yaml"], [""]] {
                try launcher.startCommand(["doctor"] + words)
                #expect(try launcher.end() == .exited(64), "\(words)")
            }
        }
    }
}
