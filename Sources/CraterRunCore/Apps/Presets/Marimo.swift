/// marimo, as measured with 0.25: everything that it serves is below its prefix.
package struct Marimo: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "marimo", ruleNames: ["marimo"], defaultPort: 2718)
    package static let title = "marimo"
    package static let targetUsage = "[edit|run] [<notebook>]"
    package static let targetHelp =
        "edit (the default) or run, then a notebook or a directory of notebooks, then words that are passed on to marimo "
        + "unchanged; put flags after --. Default: the working directory."
    package static let examples = [
        "crater-run marimo notebook.py",
        "crater-run marimo edit notebook.py -- --watch",
        "crater-run marimo run notebook.py",
    ]

    package static let ruleFlags = RuleFlags(port: ["--port", "-p"], address: ["--host"], prefix: ["--base-url"])
    package static var familiarFlags: FamiliarFlags { FamiliarFlags(of: ruleFlags, alone: ["--headless"]) }

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["marimo"] }
    package var module: String? { "marimo" }
    package var isViewer: Bool { false }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/health", interval: .seconds(10)) }

    package var misuse: String? {
        mode == "run" && opened.isEmpty
            ? "cannot run marimo: run needs a notebook, as in: crater-run marimo run notebook.py" : nil
    }

    package var withoutLogin: String? {
        guard !flags.given(["--no-token"]).isEmpty else { return nil }
        return mode == "run"
            ? "has no login: whoever knows the path can use it"
            : "has no login: whoever knows the path can run code in this container"
    }

    /// `edit` or `run`.
    private var mode: String { namesMode ? words.targets.first ?? "edit" : "edit" }
    private var namesMode: Bool { ["edit", "run"].contains(words.targets.first) }
    /// The notebook or directory, if one is given, and all other words before the first flag.
    private var opened: [String] { Array(words.targets.dropFirst(namesMode ? 1 : 0)) }
    private var flags: UserFlags { words.flags }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let rest = try Marimo.ruleFlags.rest(of: flags, for: backend)
        try flags.refuseSecrets(["--token-password"], remedy: "--token-password-file FILE")
        // marimo's login cookie has the decoded prefix as its path and in its name. With these characters in the
        // cookie, a browser does not send it back.
        if flags.given(["--no-token"]).isEmpty {
            try Refusal.refuse(
                backend.prefix.decodedCharacters { $0.isASCII && !" ;=?#%\"<>\\^`{|}[]".contains($0) }, in: backend,
                of: Self.identity, because: "cannot log anybody in where its path has these, but with --no-token")
        }
        var own = [mode, "--headless"]
        if mode == "edit" { own.append("--skip-update-check") }
        own += ["--host", backend.host, "--port", String(backend.port)]
        if !backend.prefix.isRoot { own += ["--base-url", backend.prefix.decoded] }
        if let place = tokenPlace(on: host) { own += ["--token-password-file", place.path] }
        // marimo's flags come before the notebook: all words after the notebook belong to the notebook.
        return own + rest.words + opened + words.others
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        LaunchNeeds(preparations: tokenPlace(on: host).map { [.token(at: $0)] } ?? [])
    }

    /// The place of a token that stays the same over relaunches; nil if the user's own flags decide how to log in.
    private func tokenPlace(on host: HostFacts) -> SecretPlace? {
        let own = flags.given(["--token", "--no-token", "--token-password-file"])
        guard own.isEmpty else { return nil }
        return SecretPlace("token", in: host.privateDirectory.map { "\($0)/\(Marimo.directory)" })
    }

    private static let directory = "login"

    package var runtimeDirectory: String? { Marimo.directory }

    package func isRuntimeFile(_ name: String) -> Bool { name == "token" }

    /// marimo itself prints a URL with its token, but with the Pod's address.
    package func readBack(_ files: [RuntimeFile], for place: ServingPlace, announced: String?) -> ReadBack {
        guard let file = files.first, !file.content.isEmpty else { return ReadBack() }
        let url = AccessURL(of: place.outside)
        let token = PercentEncoding.encode(String(decoding: file.content, as: UTF8.self))
        let link = "\(url)?access_token=\(token)"
        let line = "\(link)\(place.fragment)"
        guard line != announced else { return ReadBack(link: link) }
        return ReadBack(
            entries: [LogEntry(.info, "marimo: open \(line)", isEssential: true)], announced: line, link: link)
    }
}
