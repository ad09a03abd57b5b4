import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `crater-run status`, `start`, `stop` and `restart`.
@Suite(.timeLimit(TestTime.limit))
struct ControlTests {
    /// A job beside two apps that are ready, `tensorboard` and `one`.
    private func withTwoApps(_ mode: Mode = .subreaper, _ body: (Launcher) throws -> Void) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.setRule("one", port: Port.free(), prefix: "/ingress/one/")
            try launcher.startUp(["--app", "tensorboard"] + Launcher.line("one"))
            try launcher.line("tensorboard: ready")
            launcher.errors.rewind()
            try launcher.line("one: ready")
            try body(launcher)
            try launcher.finishJob(code: 3)
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.leftovers() == [])
        }
    }

    // MARK: Status

    @Test(arguments: Mode.available)
    func showsTheAppsInATable(mode: Mode) throws {
        try withTwoApps(mode) { launcher in
            let said = try launcher.ask("status")
            #expect(said.ending == .exited(0) && said.errors == "")
            let lines = said.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 4, "\(said)")
            #expect(lines[0].hasPrefix("crater-run up (pid ") && lines[0].hasSuffix(": ready"))
            #expect(lines[1].split(separator: " ") == ["APP", "STATE", "FOR", "PORT", "URL", "PID", "RESTARTS"])
            let board = lines[2].split(separator: " ").map(String.init)
            #expect(board.first == "tensorboard" && board[1] == "ready" && board.last == "0")
            #expect(board.contains("\(launcher.port)") && board.contains(launcher.prefix))
            #expect(lines[3].hasPrefix("one "))
        }
    }

    @Test(arguments: Mode.available)
    func showsTheSameToPrograms(mode: Mode) throws {
        try withTwoApps(mode) { launcher in
            let status = try launcher.shownSupervisor()
            #expect(status.kind == "up" && status.ready && !status.stopping)
            let board = try #require(status["tensorboard"])
            let place = ShownStatus.Place(
                name: "tensorboard", port: Int(launcher.port), prefix: "/ingress/liuxw24-379e0", url: launcher.prefix)
            #expect(board.rule == place && board.servedAt == place)
            #expect(board.state == "ready" && board.reason == nil)
            #expect(board.restarts == 0 && board.lastExit == nil)
            #expect(launcher.launches.map(\.pid).contains(try #require(board.pid)))
            #expect(
                status.rules == [
                    .init(name: "lars", app: nil, external: false, pending: false),
                    .init(name: "notebook", app: nil, external: false, pending: false),
                    .init(name: "one", app: "one", external: false, pending: false),
                    .init(name: "tensorboard", app: "tensorboard", external: false, pending: false),
                ])
        }
    }

    @Test(arguments: [
        ["status"], ["status", "--output", "json"], ["stop", "tensorboard"], ["start", "tensorboard"],
        ["restart", "tensorboard"],
    ])
    func saysThatNobodyIsThere(words: [String]) throws {
        try withLauncher { launcher in
            try launcher.startCommand(words)
            #expect(try launcher.end() == .exited(69))
            #expect(launcher.output.text == "")
            #expect(launcher.errors.text.hasPrefix("crater-run: cannot "))
            #expect(launcher.errors.text.contains("no crater-run serves apps in this container"))
            #expect(launcher.errors.lines.dropLast().count == 1)
        }
    }

    @Test func saysWhyAnAppIsNotReady() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_STATUS"] = "503"
            launcher.podInfo.setRule("bad", port: Port.free(), prefix: "/ingress/bad/")
            try launcher.startUp(["--app", "tensorboard", "--app", "app bad -- no-such-program", "--app", "visdom"])
            try launcher.waitUntilShown("bad", "failed")
            try launcher.line("tensorboard is not ready")
            let said = try launcher.ask("status")
            #expect(said.output.contains(": not ready\n"))
            for text in ["tensorboard: it answers 503 at", "bad: ", "no-such-program", "visdom: waiting for"] {
                #expect(said.lines.contains { $0.contains(text) }, "\(text) in \(said)")
            }
        }
    }

    // MARK: Changes

    @Test(arguments: Mode.available)
    func stopsAndStartsOneAppAndNothingElse(mode: Mode) throws {
        try withTwoApps(mode) { launcher in
            let before = try launcher.shownSupervisor()
            let said = try launcher.ask("stop", "tensorboard")
            #expect(said.ending == .exited(0) && said.lines == ["tensorboard: stopped"], "\(said)")
            // It has waited for that.
            #expect(launcher.readiness() == nil)
            #expect(try launcher.ask("stop", "tensorboard").lines == ["tensorboard: stopped"])
            let stopped = try launcher.shownSupervisor()
            #expect(stopped["tensorboard"]?.state == "stopped" && stopped["tensorboard"]?.pid == nil)
            #expect(stopped["tensorboard"]?.reason == "stopped on request")
            #expect(stopped["one"] == before["one"])
            #expect(stopped.pid == before.pid && stopped.instance == before.instance)

            let start = try launcher.ask("start", "tensorboard")
            #expect(start.ending == .exited(0) && start.output.hasPrefix("tensorboard: "), "\(start)")
            try launcher.waitUntilShown("tensorboard", "ready")
            #expect(try launcher.shownSupervisor()["one"] == before["one"])
            #expect(launcher.launches.count == 3)
        }
    }

    @Test(arguments: Mode.available)
    func restartsOneApp(mode: Mode) throws {
        try withTwoApps(mode) { launcher in
            let before = try launcher.shownSupervisor()
            let said = try launcher.ask("restart", "tensorboard")
            #expect(said.ending == .exited(0), "\(said)")
            let app = try launcher.waitUntilShown("tensorboard", "ready")
            #expect(app.pid != before["tensorboard"]?.pid && app.restarts == 1 && app.lastExit?.code == 0)
            #expect(try launcher.shownSupervisor()["one"] == before["one"])
        }
    }

    @Test func anAppThatIsStoppedStaysSoWhenItsRuleChanges() throws {
        try withTwoApps { launcher in
            _ = try launcher.ask("stop", "one")
            let port = Port.free()
            launcher.podInfo.setRule("one", port: port, prefix: "/ingress/new/")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/new-board/")
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "/ingress/new-board/")
            #expect(try launcher.shownSupervisor()["one"]?.state == "stopped")
            _ = try launcher.ask("start", "one")
            #expect(try launcher.waitUntilShown("one", "ready").servedAt?.port == Int(port))
        }
    }

    @Test func canBeToldNotToWait() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard --stop-timeout 1h"])
            try launcher.waitUntilReady()
            let said = try launcher.ask("stop", "tensorboard", "--no-wait")
            #expect(said.ending == .exited(0) && said.lines == ["tensorboard: stopping"])
            #expect(try launcher.shownSupervisor()["tensorboard"]?.state == "stopping")
            // Whoever asks for it again waits for the same.
            let waiting = try launcher.beside([TestBinary.path, "stop", "tensorboard"])
            try? launcher.tell("exit:0")
            #expect(try launcher.end(of: waiting).lines == ["tensorboard: stopped"])
        }
    }

    @Test func aStartThatFailsIsAFailure() throws {
        try withLauncher { launcher in
            try FileManager.default.removeItem(atPath: "\(launcher.bin)/tensorboard")
            launcher.environment["PATH"] = "\(launcher.bin):/usr/bin:/bin"
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilShown("tensorboard", "failed")
            for verb in ["start", "restart"] {
                let said = try launcher.ask(verb, "tensorboard")
                #expect(said.ending == .exited(1) && said.errors.hasPrefix("crater-run: cannot \(verb) tensorboard: "))
            }
            try launcher.install(.tensorboard)
            #expect(try launcher.ask("start", "tensorboard").ending == .exited(0))
            try launcher.waitUntilShown("tensorboard", "ready")
        }
    }

    @Test(arguments: ["nobody", "../status", "a b", "%2e"])
    func anUnknownNameIsAnsweredWithTheKnownOnes(name: String) throws {
        try withTwoApps { launcher in
            for verb in ["start", "stop", "restart"] {
                let said = try launcher.ask(verb, name)
                #expect(said.ending == .exited(1) && said.output == "", "\(said)")
                #expect(said.lines.count == 1 && said.errors.contains("cannot \(verb) \(name): "))
                #expect(said.errors.contains("there are one, tensorboard") || said.errors.contains("tensorboard, one"))
            }
        }
    }

    @Test func aCraterRunThatServesOneAppEndsWithIt() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(try launcher.shownSupervisor().kind == "foreground")
            let restart = try launcher.ask("restart", "tensorboard")
            #expect(restart.ending == .exited(0), "\(restart)")
            try launcher.waitUntilShown("tensorboard", "ready")
            let said = try launcher.ask("stop", "tensorboard")
            #expect(said.ending == .exited(0) && said.lines.count == 1, "\(said)")
            #expect(try launcher.end() == .exited(0) || launcher.end() == .exited(143))
            #expect(launcher.leftovers() == [] && launcher.controlFiles == [])
        }
    }

    /// The entry point's own name for what it serves by the rule of another name.
    @Test func anAppIsFoundByItsRulesNameToo() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("tb", port: launcher.port, prefix: launcher.prefix)
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            #expect(try launcher.ask("stop", "tb").lines == ["tensorboard: stopped"])
        }
    }
}
