import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// An app by hand that another crater-run of this container serves already.
@Suite(.timeLimit(TestTime.limit))
struct BesideOthersTests {
    private func byHand(_ launcher: Launcher, _ words: String...) throws -> Client {
        try launcher.beside(
            [TestBinary.path, "tensorboard", "--annotations", launcher.podInfo.path] + words,
            ["CRATER_RUN_HEALTH_PORT": nil])
    }

    @Test(arguments: Mode.available)
    func whatIsServedAlreadyIsShownAndLeftAlone(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let said = try launcher.end(of: byHand(launcher))
            #expect(said.ending == .exited(0) && said.lines.count == 1, "\(said)")
            #expect(said.output.hasPrefix("tensorboard: ready at \(launcher.prefix), served by crater-run up (pid "))
            #expect(said.output.contains("--replace"))
            #expect(launcher.launches.count == 1)
        }
    }

    @Test func withAPublicHostThatIsAWholeURL() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_PUBLIC_HOST"] = "crater.example.org"
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let said = try launcher.end(of: byHand(launcher))
            #expect(said.ending == .exited(0))
            #expect(said.output.contains(" at https://crater.example.org\(launcher.prefix), "), "\(said)")
        }
    }

    @Test func twoTerminalsAreToldTheSame() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let said = try launcher.end(of: byHand(launcher))
            #expect(said.ending == .exited(0) && said.output.contains("tensorboard: ready at"), "\(said)")
            #expect(launcher.launches.count == 1)
        }
    }

    /// Others know a supervisor by this name.
    @Test(arguments: [["tensorboard"], ["up", "--app", "tensorboard"]])
    func aRenamedSupervisorHasTheUsualName(words: [String]) throws {
        try withLauncher { launcher in
            let entry = "\(launcher.bin)/entry"
            try FileManager.default.createSymbolicLink(atPath: entry, withDestinationPath: TestBinary.path)
            try launcher.podInfo.write()
            try launcher.startProgram([entry] + words + ["--annotations", launcher.podInfo.path])
            try launcher.waitUntilReady()
            #expect(launcher.living().first { $0.identity.pid == launcher.pid }?.name == "crater-run")
        }
    }

    @Test(arguments: Mode.available)
    func replaceTakesItOver(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let first = try launcher.launch()
            let client = try byHand(launcher, "--replace", "--logdir", "mine")
            try launcher.line("tensorboard: ready", of: client)
            #expect(first.signals.first == SIGTERM)
            #expect(try launcher.launch(2).arguments.contains { $0.contains("mine") })
            let all = try launcher.shownStatus().supervisors
            #expect(all.map(\.kind) == ["up", "foreground"])
            #expect(all.map { $0["tensorboard"]?.state } == ["stopped", "ready"])
            client.send(SIGTERM)
            #expect(try launcher.end(of: client).ending == .exited(0) || client.process.waitForEnd() == .exited(143))
            // It is the entry point's to start again when somebody says so.
            #expect(try launcher.ask("start", "tensorboard").ending == .exited(0))
            try launcher.waitUntilShown("tensorboard", "ready")
            try launcher.finishJob(code: 1)
            #expect(try launcher.end() == .exited(1))
        }
    }

    @Test func replaceEndsAnotherTerminalsCraterRun() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let client = try byHand(launcher, "--replace")
            try launcher.line("tensorboard: ready", of: client)
            _ = try launcher.end()
            #expect(launcher.launches.count == 2 && launcher.readiness()?.status == 200)
            client.send(SIGTERM)
            _ = try launcher.end(of: client)
            #expect(launcher.leftovers() == [] && launcher.controlFiles == [])
        }
    }

    /// A terminal whose other end is gone: nobody reads it any more, and no hangup comes, as where the client of a kubectl exec
    /// was killed; or a hangup that is ignored, as behind `nohup`.
    @Test(arguments: [false, true])
    func replaceTakesOverOneWhoseTerminalIsGone(hasHungUp: Bool) throws {
        try withLauncher { launcher in
            let terminal = try Terminal()
            launcher.environment["FAKE_DO_1"] = "gate:begin"
            launcher.streams = [0: terminal.stream, 1: terminal.stream, 2: terminal.stream]
            try launcher.podInfo.write()
            let words = [TestBinary.path, "tensorboard", "--annotations", launcher.podInfo.path]
            try launcher.startProgram((hasHungUp ? ["sh", "-c", #"trap '' HUP; exec "$@""#, "sh"] : []) + words)
            let first = try launcher.launch()
            if hasHungUp { terminal.hangUp() }
            try launcher.open(gate: "begin")
            try launcher.waitUntilShown("tensorboard", "ready")
            // More than a terminal takes.
            _ = HTTP.get("/do/lines:100000", port: launcher.port)
            let status = try launcher.ask("status").output
            let own = "tensorboard: served by a crater-run of its own (pid \(launcher.pid), since 2"
            #expect(status.contains(own) && status.contains("crater-run stop tensorboard does"), "\(status)")
            let client = try byHand(launcher, "--replace")
            try launcher.line("tensorboard: ready", of: client)
            _ = try launcher.end()
            // A hangup comes with SIGCONT.
            #expect(first.signals.contains(SIGTERM))
            #expect(launcher.launches.count == 2 && launcher.readiness()?.status == 200)
            client.send(SIGTERM)
            _ = try launcher.end(of: client)
            #expect(launcher.leftovers() == [])
        }
    }

    /// A terminal that is closed is another matter.
    @Test func aHangUpEndsIt() throws {
        try withLauncher { launcher in
            let terminal = try Terminal()
            launcher.streams = [0: terminal.stream, 1: terminal.stream, 2: terminal.stream]
            try launcher.start()
            try launcher.waitUntilShown("tensorboard", "ready")
            terminal.hangUp()
            _ = try launcher.end()
            #expect(try launcher.launch().signals.first == SIGTERM)
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func replaceWithNobodyThereJustServes() throws {
        try withLauncher { launcher in
            try launcher.start("--replace")
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
        }
    }
}
