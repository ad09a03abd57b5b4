import ArgumentParser
import CraterRunCore
import Testing

@testable import CraterRun

/// What the tables of options read, the library reads the same way.
struct InvocationTests {
    private struct Kind {
        let name: String
        let table: OptionTable
        var first: [String] = []
        var operands: [String] = []
        var last: [String] = []
        let count: Int
    }

    private static let kinds =
        [
            Kind(name: "up", table: .up, count: 150),
            Kind(name: "probe", table: .probe, operands: ["ready", "jupyter"], count: 100),
            Kind(name: "probe", table: .probe, operands: ["live"], count: 50),
            Kind(
                name: "supervisor", table: .supervisor, first: ["--nonce", "a1", "--job-started", "12"], count: 60),
        ]
        + ServingCommands.all.map { command in
            Kind(
                name: command.name, table: command.table,
                operands: command.name == "app" ? ["demo"] : isSimple(command.name) ? ["book.py"] : [],
                last: command.name == "app" ? ["--", "serve", "--port", "{port}"] : ["--", "--flag"],
                // All simple apps have one command.
                count: isSimple(command.name) ? 16 : 60)
        }

    private static func isSimple(_ name: String) -> Bool { SimpleApps.all.contains { $0.identity.name == name } }

    @Test(arguments: kinds.indices) func bothReadingsAreTheSame(index: Int) {
        let kind = Self.kinds[index]
        var random = SeededNumbers(seed: UInt64(index) &+ 20)
        let generated = GeneratedLine(of: kind.table, operands: kind.operands)
        var plain = 0
        for _ in 0..<kind.count {
            var words = [kind.name] + kind.first + generated.words(using: &random)
            if !random.isOne(in: 4) { words += kind.last }
            guard let byTable = Invocation(plain: words) else { continue }
            plain += 1
            let byLibrary = try? Invocation(parsing: words)
            #expect(byLibrary.map { byTable.isSame(as: $0) } ?? false, "\(words)")
        }
        // Else it would be the library that is compared with itself.
        #expect(plain > kind.count / 8, "\(kind.name): \(plain) of \(kind.count) lines are plain")
    }

    @Test(arguments: [
        ["up", "--help"], ["up", "x"], ["up", "--linger"], ["up", "--annotations="], ["probe"], ["probe", "well"],
        ["probe", "live", "x"], ["probe", "ready", "a/b"], ["probe", "ready", "--", "x"], ["supervisor"],
        ["supervisor", "--nonce", "1"], ["supervisor", "--nonce", "x", "--job-started", "y"], ["app"], ["app", "x"],
        ["app", "x", "--"], ["app", "x", "--", ""], ["app", "-x", "--", "serve"], ["app", "x/y", "--", "serve"],
        ["tensorboard", "logs"], ["jupyter", "a", "b"], ["status"], ["help"], [],
    ])
    func theLibraryReadsAllElse(words: [String]) {
        #expect(Invocation(plain: words) == nil)
    }

    @Test(arguments: [
        ["up"], ["up", "--auto"], ["probe", "live"], ["probe", "ready", "x", "--verbose"], ["tensorboard"],
        ["jupyter", "--", "--debug"], ["jupyter", "lab"], ["jupyter", "--ip", "0.0.0.0", "lab", "--no-browser"],
        ["tensorboard", "--bind_all", "--path_prefix=/x", "--logdir", "a"], ["visdom", "-port", "8097"],
        ["marimo", "book.py"], ["datasette", "a.db", "b.db", "--", "c.db", "--x"],
        ["visualdl", "--logdir", "a", "--", "--theme", "dark"], ["app", "x", "--", "serve", "--", "y"],
        [
            "supervisor", "--nonce", "f", "--job-started", "1", "--linger", "1s", "--follows-another", "--memory", "5",
            "--owner", "6",
        ],
    ])
    func theTablesReadWhatIsPlain(words: [String]) throws {
        let plain = try #require(Invocation(plain: words))
        #expect(plain.isSame(as: try Invocation(parsing: words)))
    }

    /// What the library knows of a command and its table does not would be right, and slow.
    @Test func theTablesHaveAllOptions() throws {
        let commands: [(any ParsableCommand.Type, OptionTable)] =
            [(UpCommand.self, .up), (ProbeCommand.self, .probe)]
            + ServingCommands.all.map { command in (command, command.table) }
        for (command, table) in commands {
            let shown = command.helpMessage().matches(of: /\n  (--[a-z-]+)/).map { String($0.output.1) }
            #expect(!shown.isEmpty)
            #expect(Set(shown).subtracting(["--version"]) == Set(table.options.compactMap(\.option)), "\(command)")
        }
    }
}

extension Invocation {
    fileprivate func isSame(as other: Invocation) -> Bool {
        switch (self, other) {
        case (.up(let left), .up(let right)), (.supervisor(let left), .supervisor(let right)): left == right
        case (.probe(let left), .probe(let right)): left == right
        case (.serving(let left), .serving(let right)): left == right
        default: false
        }
    }
}
