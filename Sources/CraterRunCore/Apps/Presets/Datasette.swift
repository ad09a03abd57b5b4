/// Datasette, as measured with 0.64.8 and 0.65.5.
package struct Datasette: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "datasette", ruleNames: ["datasette"], defaultPort: 8001)
    package static let title = "Datasette"
    package static let targetUsage = "[<file> ...]"
    package static let targetHelp =
        "The SQLite files to show, or a directory of them, then words that are passed on to Datasette unchanged; flags "
        + "after --. Default: the working directory."
    package static let examples = [
        "crater-run datasette runs.db", "crater-run datasette runs.db -- --setting default_page_size 50",
    ]

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["datasette"] }
    package var module: String? { "datasette" }
    package var isViewer: Bool { true }
    package var dataDirectory: String? { words.targets.first }
    package var dataKind: String { "file" }
    package var readiness: ReadinessPolicy {
        ReadinessPolicy(path: "/-/versions.json", alsoAccepts: [401, 403], interval: .seconds(10))
    }
    package var withoutLogin: String? { "has no login: whoever knows the path sees what is in the files" }

    package func arguments(for backend: Backend, on host: HostFacts) throws(FlagConflict) -> [String] {
        try RuleFlags(port: ["--port", "-p"], address: ["--host", "-h"], prefix: []).check(words.flags, for: backend)
        let prefix = backend.prefix.withTrailingSlash
        for given in words.flags.given(["--setting"]) where given.value == "base_url" {
            throw FlagConflict(
                given.words, "the prefix of the rule \(backend.ruleName) is \(prefix)", "--prefix before the --")
        }
        try words.flags.refuseSecrets(["--secret"], remedy: "DATASETTE_SECRET")
        return ["serve", "--host", "0.0.0.0", "--port", String(backend.port), "--setting", "base_url", prefix]
            + (words.targets.isEmpty ? ["."] : []) + words.all
    }
}
