import Foundation
import Testing

/// A shell that crater-run's commands are completed in.
enum CompletingShell: String, CaseIterable, CustomTestStringConvertible {
    case bash
    case zsh
    case fish

    var testDescription: String { rawValue }

    /// Started for a person at a terminal, without anybody's settings.
    var command: [String] {
        switch self {
        case .bash: ["bash", "--norc", "--noprofile", "-i"]
        case .zsh: ["zsh", "-f", "-i"]
        case .fish: ["fish", "--no-config", "--interactive"]
        }
    }

    /// What README.md has one put into the shell's settings.
    var setUp: String {
        switch self {
        case .bash: "source <(crater-run completion bash)"
        case .zsh: "autoload -Uz compinit && compinit -u -D; source <(crater-run completion zsh)"
        case .fish: "crater-run completion fish | source"
        }
    }

    static let missing = allCases.filter { shell in
        (try? Shell.run("command -v $1 >/dev/null", shell.rawValue)) == nil
    }
    /// On CI all are tried, so that none is left out unseen.
    static let available = Mode.isOnCI ? allCases : allCases.filter { !missing.contains($0) }
}

/// `crater-run completion`, in the shells themselves.
@Suite(.timeLimit(TestTime.limit))
struct CompletionTests {
    @Test(
        .enabled(
            if: CompletingShell.missing.isEmpty || Mode.isOnCI,
            "completion is not tested in all shells here: \(CompletingShell.missing.map(\.rawValue)) are not installed"
        )
    )
    func canTestEveryShell() {
        #expect(CompletingShell.missing.isEmpty)
    }

    /// Commands, options, values and rules are typed by their first letters, and the finished line is run.
    @Test(
        arguments: CompletingShell.available,
        [
            ("crater-run ru\tla\t--fi\tpo\t\n", "4210"),
            ("crater-run tens\t--ru\tla\t--dr\t\n", "lars, port 4210, path /ingress/liuxw24-eb05b/"),
            ("crater-run strea\t--hel\t\n", "USAGE: crater-run streamlit [<options>] [<file>]"),
            ("crater-run rules jup\t\n", "notebook   8888   /ingress/liuxw24-cce14"),
            ("crater-run app no\t--dry-run -- true\n", "notebook, port 8888, path /ingress/liuxw24-cce14/"),
            ("crater-run annot\tcrater.r\t\n", "tensorboard-example"),
            ("crater-run rules --annot\tot\ti\t\n", "inner"),
            ("crater-run inst\tot\t\n", "other/crater-run"),
        ]
    )
    func completesWhatIsTyped(shell: CompletingShell, line: (typed: String, answer: String)) throws {
        try withLauncher { launcher in
            try prepare(launcher)
            try FileManager.default.createDirectory(
                atPath: "\(launcher.work)/other", withIntermediateDirectories: false)
            let other = #"ingress.crater.raids.io/inner="{\"Name\":\"inner\",\"Port\":1,\"Prefix\":\"/\"}""#
            try Data(other.utf8).write(to: URL(fileURLWithPath: "\(launcher.work)/other/it"))
            let terminal = try Terminal()
            terminal.resize(rows: 40, columns: 200)
            for number in 0...2 { launcher.streams[number] = terminal.stream }
            try launcher.startProgram(shell.command)
            terminal.type("\(shell.setUp); echo rea''dy\n")
            try terminal.wait(for: "ready")
            terminal.type(line.typed)
            try terminal.wait(for: line.answer)
        }
    }

    /// The names of apps come from the supervisor that serves them.
    @Test(arguments: CompletingShell.available)
    func completesAppsThatRun(shell: CompletingShell) throws {
        try withLauncher { server in
            try server.startUp(["--app", "tensorboard"])
            try server.waitUntilReady()
            try withLauncher { launcher in
                try prepare(launcher)
                launcher.environment["CRATER_RUN_DIR"] = "\(server.root)/run"
                let terminal = try Terminal()
                terminal.resize(rows: 40, columns: 200)
                for number in 0...2 { launcher.streams[number] = terminal.stream }
                try launcher.startProgram(shell.command)
                terminal.type("\(shell.setUp); echo rea''dy\n")
                try terminal.wait(for: "ready")
                terminal.type("crater-run probe rea\ttens\t--verb\t\n")
                try terminal.wait(for: "readyz/tensorboard check passed")
            }
        }
    }

    @Test(arguments: CompletingShell.allCases) func keepsTheInternalCommandToItself(shell: CompletingShell) throws {
        try withLauncher { launcher in
            try launcher.startCommand(["completion", shell.rawValue])
            #expect(try launcher.end() == .exited(0))
            let script = launcher.output.text
            #expect(script.contains("tensorboard") && script.contains("annotations"))
            for text in ["crater-run_supervisor", "crater-run supervisor", "'supervisor", "|supervisor"] {
                #expect(!script.contains(text))
            }
        }
    }

    struct Request: CustomTestStringConvertible {
        var file: String?
        let words: [String]
        let answer: [String]
        var code: Int32 = 0

        var testDescription: String { "\(file ?? "") \(words)" }
    }

    /// As the scripts ask.
    @Test(arguments: [
        Request(
            words: ["rules", "--", "positional@0", "2", "0"], answer: ["lars", "notebook", "tensorboard", "jupyter"]),
        Request(words: ["tensorboard", "--", "--rule", "3", "0"], answer: ["lars", "notebook", "tensorboard"]),
        Request(file: "/nowhere", words: ["rules", "--", "positional@0", "2", "0"], answer: []),
        Request(file: "/", words: ["annotations", "--", "positional@0", "2", "0"], answer: []),
        Request(
            words: ["app", "--", "positional@0", "4", "0", "crater-run", "app", "--annotations", "/nowhere", ""],
            answer: []),
        Request(
            words: ["app", "--", "positional@0", "5", "0", "crater-run", "app", "--annotations", "=", "/nowhere", ""],
            answer: []),
        Request(
            words: ["app", "--", "positional@0", "3", "0", "crater-run", "app", "--annotations=/nowhere", ""],
            answer: []),
        // By a script of another version.
        Request(words: ["nonsense", "--", "positional@0", "2", "0"], answer: [], code: 1),
        Request(words: ["rules", "--", "--gone", "2", "0"], answer: [], code: 1),
        Request(words: ["rules"], answer: [], code: 1),
        Request(words: [], answer: [], code: 1),
    ])
    func offersNamesAndNeverAnError(request: Request) throws {
        try withLauncher { launcher in
            try prepare(launcher)
            if let file = request.file { launcher.environment["CRATER_RUN_ANNOTATIONS"] = file }
            try launcher.startCommand(["---completion"] + request.words)
            #expect(try launcher.end() == .exited(request.code))
            #expect(launcher.output.lines.filter { !$0.isEmpty } == request.answer)
            #expect(launcher.errors.text == "")
        }
    }

    /// bash expands what it is offered, and whoever may annotate the pod could have it run something.
    @Test func offersNothingThatAShellCouldExpand() throws {
        try withLauncher { launcher in
            for name in ["$(id)", "`id`", "a b", "a;b", "~x", "a'b", "*", "é"] {
                launcher.podInfo.setRule(name, port: 1, prefix: "/")
            }
            try prepare(launcher)
            for command in ["rules", "annotations"] {
                try launcher.startCommand(["---completion", command, "--", "positional@0", "2", "0"])
                #expect(try launcher.end() == .exited(0))
                #expect(launcher.output.text.contains("lars"))
                let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_./\n"))
                #expect(launcher.output.text.unicodeScalars.allSatisfy { $0.isASCII && allowed.contains($0) })
            }
        }
    }

    private func prepare(_ launcher: Launcher) throws {
        try launcher.podInfo.write()
        launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
        launcher.environment["TERM"] = "xterm"
        try FileManager.default.createSymbolicLink(
            atPath: "\(launcher.bin)/crater-run", withDestinationPath: TestBinary.path)
    }
}
