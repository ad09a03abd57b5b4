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
        Variant(words: ["--port", "7007"], expected: ["--port 7007", "--path_prefix=/"]),
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
        Refusal(words: ["--path_prefix=/x"], reasons: ["--path_prefix", "put it after --"]),
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
        Refusal(words: ["--rule", "lars", "--port", "1"], reasons: ["--rule with --prefix or --port"]),
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
