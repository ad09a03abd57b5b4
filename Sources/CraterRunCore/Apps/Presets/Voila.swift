/// Voilà, as measured with 0.4.6 and 0.5.13.
package struct Voila: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "voila", ruleNames: ["voila"], defaultPort: 8866)
    package static let title = "Voila"
    package static let targetUsage = "[<notebook>]"
    package static let targetHelp =
        "The notebook to serve, or a directory of notebooks, then words that are passed on to Voila unchanged; put flags "
        + "after --. Default: the working directory."
    package static let examples = [
        "crater-run voila notebook.ipynb", "crater-run voila notebook.ipynb -- --theme=dark",
    ]

    package static let ruleFlags = RuleFlags(
        port: ["--port", "--Voila.port"],
        address: ["--Voila.ip", "--ip"],
        prefix: ["--base_url", "--Voila.base_url", "--server_url", "--Voila.server_url", "--Voila.root_url"])
    package static var familiarFlags: FamiliarFlags { FamiliarFlags(of: ruleFlags, alone: ["--no-browser"]) }

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["voila"] }
    package var module: String? { "voila" }
    package var isViewer: Bool { false }
    package var dataDirectory: String? { words.targets.first }
    package var dataKind: String { "file" }
    package var readiness: ReadinessPolicy {
        // A check of the page would start a kernel and run the notebook.
        ReadinessPolicy(path: "/voila/static/voila.js", interval: .seconds(10))
    }
    package var withoutLogin: String? {
        words.flags.given(["--token", "--Voila.auto_token"]).isEmpty
            ? "has no login: whoever knows the path can use it" : nil
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try Voila.ruleFlags.rest(of: words.flags, for: backend)
        try Refusal.refuse(
            "()*+$", in: backend, of: identity, because: "takes these for signs of a regular expression")
        try Refusal.refuse(";", in: backend, of: identity, because: "cannot write such a path in its cookies")
        try words.flags.refuseSecrets(
            ["--token", "--Voila.token", "--IdentityProvider.token", "--Voila.cookie_secret"],
            remedy: "--token without a value, or a configuration file")
        return [
            "--no-browser", "--base_url=\(backend.prefix.withTrailingSlash)", "--Voila.ip=\(backend.host)",
            "--port=\(backend.port)",
            // Otherwise Voila would silently take another port, where no ingress finds it.
            "--Voila.port_retries=0",
        ] + words.targets + flags.words + words.others
    }
}
