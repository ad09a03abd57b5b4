/// Aim, as measured with 3.17.5 and 3.29.1.
package struct Aim: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "aim", ruleNames: ["aim"], defaultPort: 43800)
    package static let title = "Aim"
    package static let targetUsage = "[<directory>]"
    package static let targetHelp =
        "The directory that has the runs (in .aim), then words that are passed on to Aim unchanged; put flags after --. "
        + "Default: the working directory."
    package static let examples = ["crater-run aim", "crater-run aim ./runs -- --read-only"]

    package static let subcommands: Set<String> = ["up"]
    package static let ruleFlags = RuleFlags(
        port: ["--port", "-p"], address: ["--host", "-h"], prefix: ["--base-path"],
        unreachable: ["--uds", "--ssl-keyfile", "--ssl-certfile"])

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["aim"] }
    /// Nil, since `python -m aim` does not work.
    package var module: String? { nil }
    package var environment: EnvironmentEdits { uvicornEnvironment }
    package var transportVariables: [String] { uvicornTransports }
    package func distributions(of program: HostFacts.Program?) -> [String] { ["aim"] }
    package var isViewer: Bool { true }
    package var dataDirectory: String? {
        // Without this directory, Aim asks whether to make it. Nobody answers, so Aim ends.
        guard let given = words.flags.given(["--repo"]).first else { return "\(words.targets.first ?? ".")/.aim" }
        return given.value.flatMap { $0.contains("://") ? nil : "\($0)/.aim" }
    }
    package var withoutData: String { "does not start until it is (aim init makes it, and so does the first run)" }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/api/projects/", interval: .seconds(10)) }
    package var withoutLogin: String? { "has no login: whoever knows the path can see the runs, and change them" }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        var needs = LaunchNeeds()
        needs.guardRestartedPython(on: host)
        return needs
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try Aim.ruleFlags.rest(of: words.flags, for: backend)
        try Refusal.refuse(
            decoded: "%?#{}\"\u{FFFD}", in: backend, of: identity,
            because: "writes these without escapes into its links, or takes them for a part of a route")
        var own = ["up", "--host", backend.host, "--port", String(backend.port)]
        if !backend.prefix.isRoot { own += ["--base-path", backend.prefix.decoded] }
        if let directory = words.targets.first { own += ["--repo", directory] }
        return own + words.targets.dropFirst() + flags.words + words.others
    }
}
