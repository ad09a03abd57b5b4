/// Netron, as measured with 7.9.9 and 9.3.3. It knows no prefix: its page asks for everything by relative paths.
package struct Netron: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "netron", ruleNames: ["netron"], defaultPort: 8080)
    package static let title = "Netron"
    package static let targetUsage = "[<file>]"
    package static let targetHelp =
        "The file or directory with the model to show, then words that are passed on to Netron unchanged; put flags after "
        + "--. Default: none, and the page opens files of the browser's computer."
    package static let examples = ["crater-run netron model.onnx", "crater-run netron model.onnx -- --verbosity debug"]

    package static let ruleFlags = RuleFlags(
        port: [FlagName("--port", shortest: "--p"), "-p"], address: [FlagName("--host", shortest: "--ho")])

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var knowsPrefix: Bool { false }
    package var executables: [String] { ["netron"] }
    /// Nil, since `python -m netron` does not work.
    package var module: String? { nil }
    package func distributions(of program: HostFacts.Program?) -> [String] { ["netron"] }
    package var isViewer: Bool { true }
    package var dataDirectory: String? { words.targets.first }
    package var dataKind: String { "file" }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/", interval: .seconds(10)) }
    package var withoutLogin: String? {
        "has no login: whoever knows the path sees the model, and the files beside it"
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try Netron.ruleFlags.rest(of: words.flags, for: backend)
        // Without a port, Netron would take a random one.
        return ["--host", backend.host, "--port", String(backend.port)] + words.targets + flags.words + words.others
    }
}
