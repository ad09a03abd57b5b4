/// code-server, written from its documentation and its source (github.com/coder/code-server, 4.x), not measured. It knows
/// no prefix: its pages ask for everything by relative paths, and its login takes its cookie's path from the browser.
package struct CodeServer: SimpleApp, Equatable {
    package static let identity = AppIdentity(
        name: "code-server", ruleNames: ["code-server", "vscode"], defaultPort: 8080)
    package static let title = "code-server"
    package static let targetUsage = "[<directory>]"
    package static let targetHelp =
        "The directory or workspace to open, then words that are passed on to code-server unchanged; put flags after --. "
        + "Default: what was open last."
    package static let examples = ["crater-run code-server .", "crater-run code-server . -- --auth none"]

    /// code-server takes no abbreviations.
    package static let ruleFlags = RuleFlags(
        port: ["--port"], address: ["--host"], unreachable: ["--socket", "--cert", "--cert-key"])
    package static var familiarFlags: FamiliarFlags { FamiliarFlags(withValue: ["--bind-addr", "--host", "--auth"]) }

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var knowsPrefix: Bool { false }
    package var executables: [String] { ["code-server"] }
    /// It is a program of Node.js.
    package var module: String? { nil }
    package var installation: String { "see https://coder.com/docs/code-server/install" }
    package var isViewer: Bool { false }
    package var dataDirectory: String? { words.targets.first }
    package var withoutData: String { "shows an empty window until it is" }
    package var readiness: ReadinessPolicy {
        // This path needs no login, and does not count as use.
        ReadinessPolicy(path: "/healthz", interval: .seconds(10))
    }
    package var withoutLogin: String? {
        words.flags.given(["--auth"]).last?.value == "none"
            ? "has no login: whoever knows the path can run code in this container" : nil
    }

    package var environment: EnvironmentEdits {
        var edits = EnvironmentEdits()
        // The first two take precedence over --bind-addr. In a terminal of another code-server, the last one would make the
        // new one open its directory there, and end.
        for name in ["PORT", "CODE_SERVER_HOST", "VSCODE_IPC_HOOK_CLI"] { edits.remove(name) }
        return edits
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let name: FlagName = "--bind-addr"
        let place = "\(backend.host):\(backend.port)"
        for given in words.flags.given([name]) where given.value != place {
            throw Refusal(given.words, backend.portReason, "--port before the --")
        }
        let flags = try CodeServer.ruleFlags.rest(of: words.flags.without([name]), for: backend)
        try words.flags.refuseSecrets(["--password", "--hashed-password", "--github-auth"], remedy: "PASSWORD")
        return ["--bind-addr", place, "--disable-telemetry"] + words.targets + flags.words + words.others
    }
}
