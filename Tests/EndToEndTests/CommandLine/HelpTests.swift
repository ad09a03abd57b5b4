import Foundation
import Testing

/// What `--help` says of every command.
@Suite(.timeLimit(TestTime.limit))
struct HelpTests {
    /// They belong to one app and one place, so that a variable for all would do harm.
    private static let ownToOneCall = ["--rule", "--prefix", "--port"]
    /// They say what this one call is to do.
    private static let actions = [
        "--dry-run", "--check", "--field", "--detach", "--replace", "--watch", "--links", "--verbose", "--no-wait",
        "--version", "--help",
    ]

    private func help(_ launcher: Launcher, _ words: [String]) throws -> [String] {
        try launcher.startCommand(words)
        #expect(try launcher.end() == .exited(0), "\(launcher.log)")
        return launcher.output.lines
    }

    private func commands(_ launcher: Launcher) throws -> [String] {
        let lines = try help(launcher, ["--help"])
        let names = lines.drop { !$0.hasSuffix("SUBCOMMANDS:") }.compactMap { $0.firstMatch(of: /^  ([a-z][a-z-]*)/) }
        return names.map { String($0.1) }
    }

    /// Each option with all that is said of it: a line that begins with the option, and those indented below it.
    private func options(_ lines: [String]) -> [(name: String, text: String)] {
        lines.reduce(into: []) { options, line in
            if let match = line.firstMatch(of: /^  (?:-\w, )?(--[a-z-]+)/) {
                options.append((String(match.1), line))
            } else if line.hasPrefix("      "), let last = options.indices.last {
                options[last].text += " " + line.drop { $0 == " " }
            }
        }
    }

    @Test func namesAVariableForEveryOption() throws {
        try withLauncher { launcher in
            let commands = try commands(launcher)
            #expect(commands.contains("tensorboard") && commands.contains("rules") && !commands.contains("supervisor"))
            var variables: Set<String> = []
            for command in commands {
                let options = options(try help(launcher, [command, "--help"]))
                #expect(options.contains { $0.name == "--help" }, "\(command)")
                for option in options where !(Self.ownToOneCall + Self.actions).contains(option.name) {
                    let match = option.text.firstMatch(of: /\[(CRATER_RUN_[A-Z_]+)/)
                    #expect(match != nil, "\(command) \(option.name) has no variable")
                    if let match { variables.insert(String(match.1)) }
                }
            }
            // The programs' own variables differ by one word, and are shortened there.
            let readme = Document.root.appendingPathComponent("README.md")
            let text = try String(contentsOf: readme, encoding: .utf8)
            for variable in variables where !variable.hasSuffix("_EXECUTABLE") {
                #expect(text.contains("`\(variable)`"), "README.md does not have \(variable)")
            }
        }
    }

    @Test func fitsATerminalAndHasExamples() throws {
        try withLauncher { launcher in
            for command in try commands(launcher) + [""] {
                let lines = try help(launcher, [command, "--help"].filter { !$0.isEmpty })
                #expect(lines.contains("EXAMPLES"), "\(command)")
                let long = lines.filter { $0.count > 80 }
                #expect(long == [], "\(command)")
                // A line of a list that was wrapped begins at the left edge, and not with a capital or a heading.
                let examples = lines.drop { $0 != "EXAMPLES" }.prefix { !$0.hasPrefix("USAGE:") }
                let broken = examples.filter {
                    !$0.isEmpty && !$0.hasPrefix("  ") && !["EXAMPLES", "EXIT CODES"].contains($0)
                }
                #expect(Array(broken) == [], "\(command)")
            }
        }
    }

    @Test func isTheSameByHelpAndByItsOption() throws {
        try withLauncher { launcher in
            for command in try commands(launcher) {
                #expect(try help(launcher, ["help", command]) == help(launcher, [command, "--help"]))
            }
        }
    }
}
