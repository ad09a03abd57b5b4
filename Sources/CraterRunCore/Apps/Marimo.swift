/// marimo's notebook editor, as measured with 0.25: everything that it serves is below its prefix.
package struct Marimo: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "marimo", ruleNames: ["marimo"], defaultPort: 2718)
    package static let title = "marimo"
    package static let targetHelp = "The notebook to edit, or a directory of notebooks. Default: the working directory."
    package static let examples = [
        "crater-run marimo notebook.py",
        "crater-run marimo notebook.py -- --watch",
    ]

    /// The notebook or directory to open; nil for the working directory.
    package var target: String?
    /// The user's own flags, passed on unchanged.
    package var flags: UserFlags

    package init(target: String? = nil, flags: [String] = []) {
        self.target = target
        self.flags = UserFlags(flags)
    }

    package var executables: [String] { ["marimo"] }
    package var module: String? { "marimo" }
    package var stopSignal: Signal { .terminate }
    package var environment: EnvironmentEdits { EnvironmentEdits() }
    package var dataDirectory: String? { nil }
    package var isViewer: Bool { false }
    package var surroundings: Set<Surrounding> { [.home] }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/health", interval: .seconds(10)) }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        for (name, why) in [
            ("--port", "the rule \(backend.ruleName) is on port \(backend.port)"),
            ("-p", "the rule \(backend.ruleName) is on port \(backend.port)"),
            ("--host", "it has to listen at all addresses"),
            ("--base-url", "the prefix of the rule \(backend.ruleName) is \(backend.prefix.withTrailingSlash)"),
        ] {
            if let given = flags.given(name, shortest: name).first {
                throw Refusal(given.words, why, "crater-run's own options before the --")
            }
        }
        if !flags.given("--token-password", shortest: "--token-password").isEmpty {
            throw Refusal(
                "a token as a flag can be read by everybody in the container: leave it out, or use "
                    + "--token-password-file FILE")
        }
        // Its login cookie has the decoded prefix as its path, and in its name. A browser does not send such a cookie back.
        if flags.given("--no-token", shortest: "--no-token").isEmpty {
            try Refusal.refuse(
                backend.prefix.decodedCharacters { $0.isASCII && !" ;=?#%\"<>\\^`{|}[]".contains($0) }, in: backend,
                of: identity, because: "cannot log anybody in where its path has these, but with --no-token")
        }
        var words = ["edit", "--headless", "--skip-update-check", "--host", "0.0.0.0", "--port", String(backend.port)]
        if !backend.prefix.isRoot { words += ["--base-url", backend.prefix.decoded] }
        if let place = tokenPlace(on: host) { words += ["--token-password-file", place.path] }
        return words + flags.words + (target.map { [$0] } ?? [])
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        // marimo itself prints the URL with its token.
        LaunchNeeds(preparations: tokenPlace(on: host).map { [.token(at: $0)] } ?? [])
    }

    /// The place of a token that stays the same over relaunches; nil if the user's own flags decide how to log in.
    private func tokenPlace(on host: HostFacts) -> SecretPlace? {
        let own = ["--token", "--no-token", "--token-password-file"].contains { !flags.given($0, shortest: $0).isEmpty }
        return own ? nil : SecretPlace("token", in: host.privateDirectory)
    }
}
