import CraterRunLinux
import Foundation
import Testing

/// The command line: what is printed and what is refused. Nothing is started here.
@Suite(.timeLimit(TestTime.limit))
struct CommandLineTests {
    /// How TensorBoard is told to listen on this machine.
    private static let hostWords =
        (try? SmallFile.read("/proc/net/if_inet6")).map { !$0.isEmpty } == true
        ? ["--bind_all"] : ["--host", "0.0.0.0"]

    @Test func printsThePlatformManualsCommand() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tensorboard", port: 6006, prefix: "/ingress/liuxw24-379e0/")
            try launcher.start("--logdir", "./logs", "--dry-run")
            #expect(try launcher.end() == .exited(0))
            let words = ["\(launcher.bin)/tensorboard", "--port", "6006", "--logdir", "./logs"]
            let command = words + Self.hostWords + ["--path_prefix=/ingress/liuxw24-379e0"]
            #expect(launcher.output.lines.first == "command:      \(command.joined(separator: " "))")
            try launcher.outputLine("environment:", "CUDA_VISIBLE_DEVICES=''")
            try launcher.outputLine("environment:", "CRATER_RUN_INSTANCE=")
            try launcher.outputLine("rule:", "tensorboard, port 6006, path /ingress/liuxw24-379e0/")
            try launcher.outputLine("readiness:", "http://127.0.0.1:6006/ingress/liuxw24-379e0/data/environment")
            try launcher.outputLine("access URL:", "/ingress/liuxw24-379e0/")
            #expect(launcher.launches.isEmpty)
        }
    }

    @Test func passesOnExactlyWhatTheDryRunPrints() throws {
        try withLauncher { launcher in
            try launcher.start("--logdir", "./logs", "--", "--reload_interval", "30", "--window_title=two words")
            let arguments = try launcher.launch().arguments
            let words = ["\(launcher.bin)/tensorboard", "--port", "\(launcher.port)", "--logdir", "./logs"]
            let own = ["--path_prefix=/ingress/liuxw24-379e0", "--reload_interval", "30", "--window_title=two words"]
            #expect(arguments == words + Self.hostWords + own)
            #expect(try launcher.launch().workingDirectory == launcher.work)
        }
    }

    /// What people have in their fingers, with the rule's port alone to go by.
    @Test func servesByTheRuleOnThePortThatIsTyped() throws {
        try withLauncher { launcher in
            try launcher.start("--port", "\(launcher.port)", "--logdir", "./logs", "--host", "0.0.0.0")
            let arguments = try launcher.launch().arguments
            #expect(arguments.contains("--path_prefix=/ingress/liuxw24-379e0"), "\(arguments)")
            try launcher.line("tensorboard: ready after", "at /ingress/liuxw24-379e0/")
        }
    }

    struct Variant: CustomTestStringConvertible {
        var variables: [String: String] = [:]
        let words: [String]
        /// What the plan must hold.
        let expected: [String]
        var unexpected: String?

        var testDescription: String { "\(variables) \(words)" }
    }

    @Test(arguments: [
        Variant(words: [], expected: ["--logdir ./logs"]),
        Variant(words: ["--logdir", "/data/my runs"], expected: ["--logdir '/data/my runs'"]),
        Variant(variables: ["CRATER_RUN_LOGDIR": "/runs"], words: [], expected: ["--logdir /runs"]),
        Variant(variables: ["CRATER_RUN_LOGDIR": "/runs"], words: ["--logdir", "/mine"], expected: ["--logdir /mine"]),
        Variant(
            words: ["--", "--logdir_spec", "a:/x"], expected: ["--logdir_spec a:/x"], unexpected: "--logdir ./logs"),
        Variant(words: ["--", "--host", "0.0.0.0"], expected: ["--host 0.0.0.0"], unexpected: "--bind_all"),
        Variant(words: ["--keep-gpu"], expected: ["command:"], unexpected: "CUDA_VISIBLE_DEVICES"),
        Variant(
            variables: ["CRATER_RUN_KEEP_GPU": "1"],
            words: [],
            expected: ["command:"],
            unexpected: "CUDA_VISIBLE_DEVICES"
        ),
        Variant(words: ["--rule", "lars"], expected: ["--port 4210", "--path_prefix=/ingress/liuxw24-eb05b"]),
        Variant(words: ["--prefix", "/x/y", "--port", "7007"], expected: ["--port 7007", "--path_prefix=/x/y"]),
        Variant(words: ["--prefix", "/x/"], expected: ["--port 6006", "--path_prefix=/x"]),
        Variant(words: ["--prefix", "/", "--port", "7007"], expected: ["--port 7007", "--path_prefix=/"]),
        Variant(words: ["--port", "6006"], expected: ["--port 6006", "--path_prefix=/ingress/liuxw24-379e0"]),
        Variant(words: ["--port", "4210"], expected: ["--port 4210", "--path_prefix=/ingress/liuxw24-eb05b"]),
        Variant(words: ["--port", "8888"], expected: ["--port 8888", "--path_prefix=/ingress/liuxw24-cce14"]),
        Variant(words: ["--rule", "lars", "--port", "4210"], expected: ["--path_prefix=/ingress/liuxw24-eb05b"]),
        // The whole line of a manual.
        Variant(
            words: [
                "--port", "6006", "--logdir", "./logs", "--bind_all", "--path_prefix=/ingress/liuxw24-379e0",
                "--host=0.0.0.0",
            ],
            expected: ["--port 6006 --logdir ./logs", "--path_prefix=/ingress/liuxw24-379e0", "--host=0.0.0.0"]),
        Variant(
            words: ["--public-host", "crater.example.org"],
            expected: ["https://crater.example.org/ingress/liuxw24-379e0/"]
        ),
        Variant(
            variables: ["CRATER_RUN_PUBLIC_HOST": "crater.example.org"],
            words: [],
            expected: ["https://crater.example.org/ingress/liuxw24-379e0/"]
        ),
        Variant(words: ["--", "--port", "6006"], expected: ["--port 6006"]),
        Variant(
            words: ["--", "--path_prefix=/ingress/liuxw24-379e0/"], expected: ["--path_prefix=/ingress/liuxw24-379e0"]),
    ])
    func plansByFlagsAndVariables(variant: Variant) throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tensorboard", port: 6006, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            launcher.environment = variant.variables
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.startCommand(["tensorboard", "--dry-run"] + variant.words)
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            for text in variant.expected { #expect(launcher.output.text.contains(text)) }
            if let text = variant.unexpected { #expect(!launcher.output.text.contains(text), "\(launcher.log)") }
        }
    }

    struct Refusal: CustomTestStringConvertible {
        var variables: [String: String] = [:]
        let words: [String]
        /// What the message must hold.
        let reasons: [String]

        var testDescription: String { "\(variables) \(words)" }
    }

    @Test(arguments: [
        // Flags that contradict the rule.
        Refusal(words: ["--", "--port", "7000"], reasons: ["--port 7000 contradicts the rule", "port 6006"]),
        Refusal(words: ["--", "--port=7000"], reasons: ["--port 7000 contradicts the rule"]),
        Refusal(
            words: ["--", "--path_prefix", "/other"], reasons: ["contradicts the rule", "/ingress/liuxw24-379e0/"]),
        Refusal(words: ["--", "--path_pre=/other"], reasons: ["contradicts the rule"]),
        Refusal(words: ["--", "--host", "localhost"], reasons: ["contradicts the rule", "all addresses"]),
        Refusal(words: ["--logdir", "a", "--", "--logdir", "b"], reasons: ["--logdir is given after -- as well"]),
        // Flags that are not ours.
        Refusal(words: ["--reload_interval", "30"], reasons: ["--reload_interval", "put it after --"]),
        // Flags that people type before the --, and that contradict the rule.
        Refusal(
            words: ["--path_prefix=/x"], reasons: ["--path_prefix /x contradicts the rule", "/ingress/liuxw24-379e0/"]),
        Refusal(words: ["--host", "127.0.0.1"], reasons: ["--host 127.0.0.1 contradicts the rule", "all addresses"]),
        // The library would offer --port and --wait.
        Refusal(words: ["--hst", "x"], reasons: ["cannot use --hst", "no such option.", "put it after --"]),
        Refusal(words: ["--ip", "x"], reasons: ["cannot use --ip", "no such option.", "put it after --"]),
        Refusal(words: ["--logdri", "x"], reasons: ["did you mean --logdir?"]),
        Refusal(words: ["--reload_interval", "30", "--", "--host", "::"], reasons: ["put it after --"]),
        Refusal(words: ["./logs"], reasons: ["cannot use ./logs", "--logdir", "after --"]),
        // Our own options among the app's.
        Refusal(words: ["--", "--dry-run"], reasons: ["--dry-run", "crater-run's own, put it before the --"]),
        Refusal(words: ["--", "--rule=lars"], reasons: ["--rule", "put it before the --"]),
        // Values that make no sense, all at once.
        Refusal(
            words: ["--wait", "soon", "--restart", "maybe", "--stop-timeout", "never"],
            reasons: ["--wait soon", "--restart maybe", "--stop-timeout never"]
        ),
        Refusal(
            variables: ["CRATER_RUN_WAIT": "soon", "CRATER_RUN_MAX_RESTARTS": "x"],
            words: [],
            reasons: ["CRATER_RUN_WAIT=soon", "CRATER_RUN_MAX_RESTARTS=x"]
        ),
        Refusal(words: ["--port", "0"], reasons: ["--port 0", "1 to 65535"]),
        Refusal(words: ["--port", "65536"], reasons: ["--port 65536"]),
        Refusal(words: ["--prefix", "x"], reasons: ["--prefix x", "slash"]),
        Refusal(words: ["--prefix", "//evil"], reasons: ["two slashes"]),
        Refusal(words: ["--prefix", "/a/../b"], reasons: ["--prefix", ".."]),
        Refusal(words: ["--rule", "lars", "--prefix", "/x"], reasons: ["--rule with --prefix"]),
        Refusal(words: ["--logdir", ""], reasons: ["--logdir", "a directory"]),
        Refusal(words: ["--check-interval", "1ms"], reasons: ["--check-interval 1ms", "100ms"]),
        Refusal(words: ["--public-host", "http://x/y"], reasons: ["--public-host"]),
    ])
    func refusesWrongUsage(refusal: Refusal) throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tensorboard", port: 6006, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            launcher.environment = refusal.variables
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.startCommand(["tensorboard"] + refusal.words)
            #expect(try launcher.end() == .exited(64), "\(launcher.log)")
            for text in refusal.reasons { #expect(launcher.errors.text.contains(text), "\(launcher.log)") }
            #expect(launcher.launches.isEmpty)
        }
    }

    struct Absence: CustomTestStringConvertible {
        let words: [String]
        let reasons: [String]

        var testDescription: String { "\(words)" }
    }

    /// Whether or not somebody waits, the rules that there are are named at once.
    @Test(arguments: [
        Absence(words: ["--dry-run"], reasons: ["cannot find the ingress rule of tensorboard"]),
        Absence(words: ["--wait", "0"], reasons: ["there is no ingress rule for it"]),
        Absence(words: ["--wait", "1s"], reasons: ["waiting up to 1 s", "there is no ingress rule for it after 1 s"]),
        Absence(
            words: ["--port", "6006", "--dry-run"],
            reasons: ["cannot find an ingress rule on port 6006 for tensorboard", "without --port takes"]),
        Absence(words: ["--port", "6006", "--wait", "0"], reasons: ["--prefix / to serve at the root of port 6006"]),
        Absence(
            words: ["--port", "6006", "--rule", "my-tb", "--wait", "0"],
            reasons: ["Add an ingress rule named my-tb on port 6006"]),
    ])
    func namesTheRulesThatThereAreInsteadOfItsOwn(absence: Absence) throws {
        try withLauncher { launcher in
            for name in ["tensorboard", "lars", "notebook"] { launcher.podInfo.removeRule(name) }
            launcher.podInfo.setRule("my-tb", port: 7000, prefix: "/ingress/x/")
            launcher.podInfo.setRule("TensorBoard", port: 7001, prefix: "/ingress/y/")
            try launcher.podInfo.write()
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.startCommand(["tensorboard"] + absence.words)
            #expect(try launcher.end() == .exited(78), "\(launcher.log)")
            let rules = ["TensorBoard (port 7001)", "my-tb (port 7000)"]
            // The rule whose name is nearly the app's is offered, unless the user has named another one.
            let offer = absence.words.contains("--rule") ? "--rule NAME" : "--rule TensorBoard"
            for text in absence.reasons + rules + [offer] {
                #expect(launcher.errors.text.contains(text), "\(launcher.log)")
            }
        }
    }

    @Test(arguments: [["lab"], ["notebook", "--port", "8888", "--ip=0.0.0.0", "--no-browser", "--allow-root"]])
    func takesJupytersOwnCommandLine(words: [String]) throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            try launcher.startCommand(["jupyter"] + words + ["--dry-run", "--executable", "/bin/sh"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            #expect(launcher.output.text.contains("base_url=/ingress/liuxw24-cce14/"), "\(launcher.log)")
        }
    }

    @Test func refusesWhatJupyterCannotServe() throws {
        try withLauncher { launcher in
            for (words, text) in [
                (["nbconvert"], "cannot serve nbconvert: crater-run jupyter serves lab, notebook or server"),
                (["lab", "--interface", "notebook"], "cannot serve lab with --interface"),
                (["--base_url=/x"], "--base_url=/x contradicts the rule"),
                (["--ip", "127.0.0.1"], "all addresses"),
                (["--ServerApp.token=geheim"], "a token as a flag"),
                (["lab", "x"], "cannot use x: crater-run jupyter takes no such word"),
                (["--", "--dry-run"], "put it before the --"),
            ] {
                try launcher.podInfo.write()
                launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
                try launcher.startCommand(["jupyter", "--executable", "/bin/sh"] + words)
                #expect(try launcher.end() == .exited(64), "\(words) \(launcher.log)")
                #expect(launcher.errors.text.contains(text), "\(words) \(launcher.log)")
            }
        }
    }

    @Test func refusesWordsThatAreNotUTF8() throws {
        try withLauncher { launcher in
            launcher.wrapper = ["sh", "-c", #"exec "$0" tensorboard --logdir "$(printf 'a\377b')""#]
            try launcher.startCommand([])
            #expect(try launcher.end() == .exited(64), "\(launcher.log)")
            #expect(launcher.errors.text.contains("it is not UTF-8"))
        }
    }

    @Test func explainsItselfOnRequest() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["tensorboard", "--help"])
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text.contains("CRATER_RUN_WAIT"))
            try launcher.startCommand(["--help"])
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text.contains("EXIT CODES"))
        }
    }

    @Test func saysWhichBuildItIs() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["--version"])
            #expect(try launcher.end() == .exited(0))
            let words = try #require(
                launcher.output.text.wholeMatch(of: /crater-run (\d+\.\d+\.\d+) \(commit ([^ ,]+), Swift ([^ ,]+)\)\n/))
            // What make said of the build, if the tests are run by it: not that of the last commit.
            let variables = ProcessInfo.processInfo.environment
            if let commit = variables["CRATER_RUN_BUILD_COMMIT"], !commit.isEmpty { #expect(words.2 == commit) }
            if let swift = variables["CRATER_RUN_BUILD_SWIFT"], !swift.isEmpty { #expect(words.3 == swift) }
        }
    }
}
