import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `crater-run status` at a terminal.
@Suite(.timeLimit(TestTime.limit))
struct StatusDisplayTests {
    private static let escape = "\u{1B}["

    /// One app that is ready, by a rule whose name and prefix are long.
    private func withApp(_ body: (Launcher) throws -> Void) throws {
        try withLauncher { launcher in
            let name = "a-rule-with-a-rather-long-name"
            launcher.podInfo.setRule(name, port: launcher.port, prefix: "/ingress/\(name)-379e0/")
            try launcher.startUp(Launcher.line(name))
            try launcher.line("\(name): ready")
            try body(launcher)
        }
    }

    /// Runs `status` at a terminal, and gives what it draws.
    private func draw(
        _ launcher: Launcher, columns: UInt16, _ changes: [String: String?] = ["TERM": "xterm-256color"]
    ) throws -> String {
        let terminal = try Terminal()
        terminal.resize(rows: 24, columns: columns)
        // The mark says when all is there, whatever it is.
        let client = try launcher.beside(
            ["sh", "-c", "$0 status; echo code=$?.", TestBinary.path], changes,
            streams: [terminal.stream, terminal.stream, terminal.stream])
        let text = try terminal.wait(for: "code=0.")
        _ = try launcher.end(of: client)
        return text.replacingOccurrences(of: "\r\n", with: "\n")
    }

    private func table(_ text: String) -> [String] {
        let plain = text.replacingOccurrences(of: "\u{1B}\\[[0-9;]*m", with: "", options: .regularExpression)
        return plain.split(separator: "\n").map(String.init).filter { $0.hasPrefix("APP") || $0.hasPrefix("a-") }
    }

    @Test func isColouredWhereThatIsWelcome() throws {
        try withApp { launcher in
            #expect(try draw(launcher, columns: 200).contains("\(Self.escape)32mready\(Self.escape)0m"))
            _ = try launcher.ask("stop", "a-rule-with-a-rather-long-name")
            #expect(try draw(launcher, columns: 200).contains("\(Self.escape)2mstopped\(Self.escape)0m"))
        }
    }

    @Test(
        arguments: [
            ["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": nil], ["TERM": "dumb", "NO_COLOR": "1"],
        ] as [[String: String?]])
    func isPlainWhereItIsNot(changes: [String: String?]) throws {
        try withApp { launcher in
            let text = try draw(launcher, columns: 200, changes)
            #expect(text.contains("ready") && !text.contains("\u{1B}"))
        }
    }

    @Test func isPlainAndWholeInAPipe() throws {
        try withApp { launcher in
            let said = try launcher.ask("status", changes: ["TERM": "xterm", "COLUMNS": "20"])
            #expect(!said.output.contains("\u{1B}") && !said.output.contains("…"))
            #expect(said.output.contains("/ingress/a-rule-with-a-rather-long-name-379e0/"))
        }
    }

    @Test(arguments: [60, 80, 100] as [UInt16])
    func aNarrowWindowCutsTheLongestColumns(columns: UInt16) throws {
        try withApp { launcher in
            let lines = table(try draw(launcher, columns: columns))
            try #require(lines.count == 2, "\(lines)")
            #expect(lines.allSatisfy { $0.count <= Int(columns) }, "\(lines)")
            #expect(lines[1].contains("…") && lines[1].contains("ready") && lines[1].contains("\(launcher.port)"))
        }
    }

    @Test func aWideOneShowsEverything() throws {
        try withApp { launcher in
            let lines = table(try draw(launcher, columns: 200))
            try #require(lines.count == 2, "\(lines)")
            #expect(lines[1].contains("/ingress/a-rule-with-a-rather-long-name-379e0/") && !lines[1].contains("…"))
        }
    }

    // MARK: Watching

    @Test func watchRedrawsUntilCtrlC() throws {
        try withApp { launcher in
            let terminal = try Terminal()
            terminal.resize(rows: 24, columns: 200)
            let client = try launcher.beside(
                [TestBinary.path, "status", "--watch"], ["TERM": "xterm"],
                streams: [terminal.stream, terminal.stream, terminal.stream])
            #expect(try terminal.wait(for: "32mready").contains("\(Self.escape)2J"))
            _ = try launcher.ask("stop", "a-rule-with-a-rather-long-name")
            // Over what is there, and without clearing it first.
            let text = try terminal.wait(for: "2mstopped")
            #expect(text.contains("\(Self.escape)H") && !text.contains("\(Self.escape)2J"))
            _ = try launcher.ask("start", "a-rule-with-a-rather-long-name")
            try terminal.wait(for: "32mready")
            terminal.control("C")
            let ending = try launcher.end(of: client).ending
            #expect(ending == .signaled(SIGINT) || ending == .exited(130) || ending == .exited(0))
        }
    }

    /// The window is looked at each time.
    @Test func watchFollowsTheWindow() throws {
        try withApp { launcher in
            let terminal = try Terminal()
            terminal.resize(rows: 24, columns: 200)
            let client = try launcher.beside(
                [TestBinary.path, "status", "--watch"], ["TERM": "xterm"],
                streams: [terminal.stream, terminal.stream, terminal.stream])
            try terminal.wait(for: "long-name-379e0/")
            terminal.resize(rows: 24, columns: 60)
            try terminal.wait(for: "…")
            client.send(SIGINT)
            _ = try launcher.end(of: client)
        }
    }

    @Test func watchInAPipePrintsWhatChangesAndOutlivesTheSupervisor() throws {
        try withApp { launcher in
            let client = try launcher.beside([TestBinary.path, "status", "--watch"])
            func waitFor(_ text: String) throws {
                _ = try launcher.wait(for: "\(text) in the pipe") {
                    client.output.drain()
                    return client.output.takeLine(containing: [text])
                }
            }
            try waitFor(" ready ")
            _ = try launcher.ask("stop", "a-rule-with-a-rather-long-name")
            try waitFor(" stopped ")
            kill(try launcher.supervisorPID(), SIGKILL)
            try waitFor(" ready ")
            #expect(!client.output.text.contains("\u{1B}"))
            // Not once a second, but when something changes.
            #expect(client.output.lines.count { $0.hasPrefix("APP") } <= 8)
            client.send(SIGINT)
            _ = try launcher.end(of: client)
        }
    }
}
