import CraterRunCore
import Foundation
import Testing

/// `crater-run rules` and `crater-run annotations`, which show and start nothing.
@Suite(.timeLimit(TestTime.limit))
struct RulesCommandTests {
    struct Question: CustomTestStringConvertible {
        let words: [String]
        let answer: String

        var testDescription: String { words.joined(separator: " ") }
    }

    @Test(arguments: [
        Question(words: ["tensorboard", "--field", "prefix"], answer: "/ingress/liuxw24-379e0\n"),
        Question(words: ["tensorboard", "--field", "port"], answer: "6006\n"),
        Question(words: ["tensorboard", "--field", "url"], answer: "/ingress/liuxw24-379e0/\n"),
        Question(words: ["jupyter", "--field", "prefix"], answer: "/ingress/liuxw24-cce14\n"),
        Question(words: ["lars", "--field", "port"], answer: "4210\n"),
        Question(
            words: ["tensorboard", "--field", "url", "--public-host", "crater.example.org"],
            answer: "https://crater.example.org/ingress/liuxw24-379e0/\n"
        ),
    ])
    func printsOneValueForScripts(question: Question) throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tensorboard", port: 6006, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.startCommand(["rules"] + question.words)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text == question.answer)
            #expect(launcher.errors.text == "")
        }
    }

    /// A script must not go on with half a value.
    @Test(arguments: [["rules", "tensorboard", "--field", "prefix"], ["rules", "--output", "json"], ["annotations"]])
    func failsWhereItCannotWrite(words: [String]) throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tensorboard", port: 6006, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
            defer { close(full) }
            launcher.streams = [1: .descriptor(full)]
            try launcher.startCommand(words)
            #expect(try launcher.end() == .exited(1))
            #expect(launcher.errors.text.contains("crater-run: cannot write the output: No space left on device"))
        }
    }

    @Test func showsAllRulesAndWhatIsWrongWithTheOthers() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("bad", value: "{}")
            try launcher.podInfo.write()
            try launcher.startCommand(["rules", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(0))
            for name in ["lars", "notebook", "tensorboard"] { try launcher.outputLine(name) }
            #expect(launcher.errors.text.contains("cannot use the ingress rule bad: it has no Port"))
        }
    }

    /// A script must not take that for a Pod without rules.
    @Test(arguments: [["rules"], ["rules", "--output", "json"]])
    func failsWhereNoRuleCanBeUsed(words: [String]) throws {
        for hasBadRule in [false, true] {
            try withLauncher { launcher in
                for name in ["lars", "notebook", "tensorboard"] { launcher.podInfo.removeRule(name) }
                if hasBadRule { launcher.podInfo.setRule("bad", value: "{}") }
                try launcher.podInfo.write()
                try launcher.startCommand(words + ["--annotations", launcher.podInfo.path])
                #expect(try launcher.end() == .exited(hasBadRule ? 78 : 0))
                #expect(launcher.errors.text.contains("no ingress rule can be used") == hasBadRule)
            }
        }
    }

    /// The platform gives the label to every Pod. What is derived from it is not what the user has set.
    @Test func marksTheRuleThatIsDerivedFromTheLabel() throws {
        struct Shown: Decodable {
            struct Rule: Decodable { let name: String, source: String, derived: Bool }
            let rules: [Rule]
        }
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.labels = ["crater.raids.io/base-url": "liuxw24-379e0"]
            try launcher.podInfo.write()
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.startCommand(["rules"])
            #expect(try launcher.end() == .exited(0))
            let rows = launcher.output.lines
            #expect(rows.first?.hasSuffix("FROM") == true, "\(rows)")
            #expect(rows.filter { $0.hasSuffix("label (derived)") }.map { $0.hasPrefix("jupyter ") } == [true])
            #expect(rows.count { $0.hasSuffix("annotation") } == 2)
            try launcher.startCommand(["rules", "--output", "json"])
            #expect(try launcher.end() == .exited(0))
            let shown = try JSONDecoder().decode(Shown.self, from: Data(launcher.output.bytes)).rules
            #expect(shown.map(\.derived) == shown.map { $0.name == "jupyter" })
            #expect(shown.map(\.source) == shown.map { $0.name == "jupyter" ? "label" : "annotation" })
            // Asked for by name.
            try launcher.startCommand(["rules", "jupyter", "--field", "prefix"])
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text == "/ingress/liuxw24-379e0\n")
        }
    }

    @Test func takesItsFormatFromTheEnvironmentUnlessItIsGiven() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            launcher.environment["CRATER_RUN_OUTPUT"] = "json"
            for (words, beginning) in [
                (["rules"], "{"), (["rules", "lars"], "{"), (["annotations"], "{"),
                (["rules", "--output", "text"], "NAME"), (["rules", "lars", "--field", "port"], "4210"),
            ] {
                try launcher.startCommand(words)
                #expect(try launcher.end() == .exited(0))
                #expect(launcher.output.text.hasPrefix(beginning), "\(words)")
            }
            launcher.environment["CRATER_RUN_OUTPUT"] = "yaml"
            try launcher.startCommand(["rules"])
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.errors.text.contains("cannot use CRATER_RUN_OUTPUT=yaml: it must be text or json"))
        }
    }

    @Test func cutsTheTableToTheTerminalAndNowhereElse() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let terminal = try Terminal()
            terminal.resize(rows: 24, columns: 50)
            let words = ["rules", "lars", "--annotations", launcher.podInfo.path]
            launcher.streams = [1: terminal.stream]
            try launcher.startCommand(words)
            try terminal.wait(for: "lars   4210   /ingress/liuxw24…   /ingress/liuxw2…\r\n")
            #expect(try launcher.end() == .exited(0))
            launcher.environment["COLUMNS"] = "60"
            try launcher.startCommand(words)
            try terminal.wait(for: "lars   4210   /ingress/liuxw24-eb05b   /ingress/liuxw24-eb0…\r\n")
            #expect(try launcher.end() == .exited(0))
            launcher.streams = [:]
            try launcher.startCommand(words)
            #expect(try launcher.end() == .exited(0))
            #expect(
                launcher.output.lines.dropFirst().first
                    == "lars   4210   /ingress/liuxw24-eb05b   /ingress/liuxw24-eb05b/")
        }
    }

    @Test func endsWith78ForARuleThatIsNotThere() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            try launcher.startCommand(["rules", "visdom", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("there are lars, notebook, tensorboard"))
            try launcher.startCommand(["rules", "--annotations", "/nowhere/annotations"])
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("downwardAPI:"))
        }
    }

    @Test func printsAnAnnotationByteForByte() throws {
        try withLauncher { launcher in
            let value = (0...255).map { UInt8($0) } + Array("日本語 \u{A0}\u{2028}\u{FEFF}".utf8)
            launcher.podInfo.annotations["example.org/odd"] = value
            try launcher.podInfo.write()
            try launcher.startCommand(["annotations", "example.org/odd", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.bytes == value)
            try launcher.startCommand(["annotations", "no/such", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(78))
        }
    }

    @Test func showsAllAnnotationsAsJSON() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            try launcher.startCommand(["annotations", "--output", "json", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(0))
            let shown = try JSONDecoder().decode([String: String].self, from: Data(launcher.output.bytes))
            #expect(shown == launcher.podInfo.annotations.mapValues { String(decoding: $0, as: UTF8.self) })
        }
    }
}
