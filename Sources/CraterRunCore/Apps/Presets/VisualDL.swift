/// VisualDL, as measured with 2.4.2 and 2.5.3.
package struct VisualDL: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "visualdl", ruleNames: ["visualdl"], defaultPort: 8040)
    package static let title = "VisualDL"
    package static let targetUsage = "[--logdir <dir>]"
    package static let targetHelp = "Words that are passed on to VisualDL unchanged; put flags after --."
    package static let takesLogDirectory = true
    package static let examples = [
        "crater-run visualdl --logdir ./logs", "crater-run visualdl --logdir ./logs -- --theme dark",
    ]

    package static let ruleFlags = RuleFlags(
        port: [FlagName("--port", shortest: "--po"), "-p"],
        address: [FlagName("--host", shortest: "--ho"), "-t"],
        prefix: [FlagName("--public-path", shortest: "--pu")])

    private static let usualDirectory = "./logs"

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["visualdl"] }
    package var module: String? { "visualdl.server.app" }
    package var isViewer: Bool { true }
    package var directoryInHome: DirectoryInHome? { .written(".visualdl") }
    package var dataDirectory: String? {
        guard let given = logDirectories.first else { return VisualDL.usualDirectory }
        // A URL such as hdfs://cluster/logs is no local directory.
        return given.value.flatMap { $0.contains("://") ? nil : $0 }
    }
    package var readiness: ReadinessPolicy {
        // This path redirects to the page. The page itself answers 500 to a request that names no language
        // (Accept-Language).
        ReadinessPolicy(path: "/", interval: .seconds(10))
    }
    package var withoutLogin: String? { "has no login: whoever knows the path sees what it shows" }

    private var logDirectories: [UserFlags.Given] { words.flags.given([FlagName("--logdir", shortest: "--lo")]) }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try VisualDL.ruleFlags.rest(of: words.flags, for: backend)
        if !words.flags.given([FlagName("--api-only", shortest: "--a")]).isEmpty {
            throw Refusal("--api-only has no page: leave it out")
        }
        try Refusal.refuse(
            decoded: " %?#<>\"'`\u{FFFD}", in: backend, of: identity,
            because: "writes these without escapes into its links, or takes them for a part of a route")
        var own = ["--host", backend.host, "--port", String(backend.port)]
        // VisualDL refuses / as its path. Without the flag it serves at /app, and / redirects there.
        if !backend.prefix.isRoot { own += ["--public-path", backend.prefix.decoded] }
        if logDirectories.isEmpty { own += ["--logdir", VisualDL.usualDirectory] }
        // Otherwise VisualDL reports each start to its makers.
        return own + ["--disable-telemetry"] + words.targets + flags.words + words.others
    }
}
