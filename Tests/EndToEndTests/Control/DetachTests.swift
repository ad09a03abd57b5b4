import CLinux
import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `--detach`: a terminal hands an app over to the crater-run that is there anyway.
@Suite(.timeLimit(TestTime.limit))
struct DetachTests {
    /// An entry point that serves another app, and knows nothing of TensorBoard.
    private func withEntryPoint(_ mode: Mode = .subreaper, _ body: (Launcher) throws -> Void) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.setRule("one", port: Port.free(), prefix: "/ingress/one/")
            try launcher.startUp(Launcher.line("one"))
            try launcher.line("one: ready")
            launcher.errors.rewind()
            try FileManager.default.createDirectory(
                atPath: "\(launcher.root)/home/project", withIntermediateDirectories: true)
            try body(launcher)
            try launcher.finishJob(code: 3)
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.leftovers() == [])
        }
    }

    private func handOver(
        _ launcher: Launcher, _ words: [String] = ["--logdir", "runs/a b"], _ changes: [String: String?] = [:]
    ) throws -> Said {
        try launcher.run(
            [TestBinary.path, "tensorboard", "--detach"] + words, in: "\(launcher.root)/home/project", changes)
    }

    /// The start of the app that was handed over.
    private func handedOver(_ launcher: Launcher, _ number: Int = 1) throws -> Launch {
        try launcher.wait(for: "start \(number) of what was handed over") {
            let own = launcher.launches.filter { $0.workingDirectory == "\(launcher.root)/home/project" }
            return own.count >= number ? own[number - 1] : nil
        }
    }

    @Test(arguments: Mode.available)
    func startsItAsItWouldHaveStartedThere(mode: Mode) throws {
        try withEntryPoint(mode) { launcher in
            let said = try handOver(
                launcher, ["--logdir", "runs/a b"], ["ONLY_THERE": "hush 7", "CRATER_RUN_WAIT": "1s"])
            #expect(said.ending == .exited(0) && said.errors == "" && said.lines.count == 1, "\(said)")
            #expect(said.output.hasPrefix("tensorboard: ") && said.output.contains("crater-run up (pid "))
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            let launch = try handedOver(launcher)
            #expect(launch.arguments.contains("runs/a b") || launch.arguments.contains("--logdir=runs/a b"))
            #expect(launch.arguments.contains("--path_prefix=/ingress/liuxw24-379e0"))
            #expect(launch.environment.contains(Array("ONLY_THERE=hush 7".utf8)))
            #expect(launch.descriptors[0] == "/dev/null")
            // Its output is the entry point's, under its name.
            try launcher.tell("error:hello")
            try launcher.line("[tensorboard] hello")
            // Whatever is in its environment is nobody's business.
            let all = try launcher.ask("status", "--output", "json").output + launcher.ask("status").output
            #expect(all.contains("tensorboard") && !all.contains("hush") && !launcher.errors.text.contains("hush"))
            if Curl.isThere {
                for path in ["/metrics", "/readyz?verbose", "/v1/status"] {
                    #expect(try !launcher.curl(path).body.contains("hush"))
                }
            }
        }
    }

    @Test func outlivesTheTerminal() throws {
        try withEntryPoint { launcher in
            let terminal = try Terminal()
            let client = try launcher.beside(
                [TestBinary.path, "tensorboard", "--detach"], in: "\(launcher.root)/home/project",
                streams: [terminal.stream, terminal.stream, terminal.stream])
            try terminal.wait(for: "served by crater-run up")
            #expect(try launcher.end(of: client).ending == .exited(0))
            terminal.hangUp()
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            let launch = try handedOver(launcher)
            #expect(launch.signals == [] && launch.session == launch.pid)
            let row = try #require(HostProcesses.row(of: launch.pid))
            #expect(row.parent == (try launcher.supervisorPID()))
        }
    }

    @Test(arguments: Mode.available)
    func survivesTheSupervisor(mode: Mode) throws {
        try withEntryPoint(mode) { launcher in
            #expect(try handOver(launcher, ["--logdir", "there"], ["ONLY_THERE": "kept"]).ending == .exited(0))
            try launcher.waitUntilReady()
            var supervisor = try launcher.supervisorPID()
            for start in 2...3 {
                kill(supervisor, SIGKILL)
                let launch = try handedOver(launcher, start)
                #expect(launch.environment.contains(Array("ONLY_THERE=kept".utf8)))
                #expect(launch.arguments == (try handedOver(launcher)).arguments)
                supervisor = try launcher.supervisorPID(after: supervisor)
                try launcher.waitUntilReady()
            }
            #expect(try launcher.shownSupervisor().apps.map(\.name).sorted() == ["one", "tensorboard"])
            // It can be stopped like any other.
            #expect(try launcher.ask("stop", "tensorboard").ending == .exited(0))
        }
    }

    /// Nobody else can read the environment that is kept.
    @Test func whatIsKeptIsForNobodyElse() throws {
        try withEntryPoint { launcher in
            #expect(try handOver(launcher, [], ["ONLY_THERE": "hush 8"]).ending == .exited(0))
            try launcher.waitUntilReady()
            let kept = launcher.privateFiles.filter { $0.contains("hand-over") }
            #expect(!kept.isEmpty)
            for name in kept {
                var status = stat()
                #expect(
                    stat("\(launcher.runDirectory)/\(name)", &status) == 0 && status.st_mode & 0o077 == 0, "\(name)")
            }
        }
    }

    // MARK: What is not taken over

    @Test(arguments: Mode.available)
    func aDuplicateIsRefused(mode: Mode) throws {
        try withEntryPoint(mode) { launcher in
            #expect(try handOver(launcher).ending == .exited(0))
            let again = try handOver(launcher)
            #expect(again.ending == .exited(1) && again.output == "", "\(again)")
            #expect(again.errors.contains("cannot hand tensorboard over: tensorboard is served already"))
            try launcher.waitUntilReady()
            #expect(launcher.launches.count == 2)
        }
    }

    @Test func withoutASupervisorItIsRefused() throws {
        try withLauncher { launcher in
            try launcher.start("--detach")
            #expect(try launcher.end() == .exited(69))
            #expect(launcher.output.text == "")
            #expect(launcher.errors.text.contains("cannot hand tensorboard over: no crater-run serves apps"))
            #expect(launcher.errors.text.contains("Without --detach it is served here"))
            #expect(launcher.launches.isEmpty)
        }
    }

    /// One that serves a single app is as much in a terminal as we are.
    @Test func oneThatServesOneAppTakesNothing() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let said = try launcher.ask("visdom", "--detach")
            #expect(said.ending == .exited(69) && said.errors.contains("only crater-run up takes apps over"), "\(said)")
        }
    }

    @Test(arguments: [
        ["--no-such-flag"], ["--restart", "sometimes"], ["--port", "0"], ["--public-host", "a.example"],
        ["--wait", "1s"], ["--dry-run", "--restart", "x"],
    ])
    func wrongFlagsAreSaidAtTheTerminal(flags: [String]) throws {
        try withEntryPoint { launcher in
            let said = try handOver(launcher, flags)
            #expect(said.ending == .exited(64) && said.output == "", "\(said)")
            #expect(said.errors.contains(flags.last == "x" ? "--restart" : flags[0]))
            #expect(try launcher.shownSupervisor().apps.map(\.name) == ["one"])
        }
    }

    /// What follows the dashes is the app's own.
    @Test func theAppsOwnWordsAreItsOwn() throws {
        try withEntryPoint { launcher in
            launcher.podInfo.setRule("own", port: Port.free(), prefix: "/ingress/own/")
            try launcher.podInfo.write()
            let said = try launcher.run(
                [
                    TestBinary.path, "app", "own", "--detach", "--ready-path", "/data/environment", "--", "tensorboard",
                    "--bind_all", "--port", "{port}", "--path_prefix={prefix}", "--detach",
                ], in: "\(launcher.root)/home/project")
            #expect(said.ending == .exited(0), "\(said)")
            try launcher.line("own: ready")
            #expect(try handedOver(launcher).arguments.last == "--detach")
        }
    }
}
