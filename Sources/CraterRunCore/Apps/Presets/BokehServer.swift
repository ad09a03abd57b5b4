/// The server of Bokeh, which Panel has too, with the same flags.
protocol BokehServer: SimpleApp {
    static var usualFile: String { get }
    var words: PassedWords { get }
    /// The flags that carry secrets, and what to use instead.
    static var secrets: (flags: [FlagName], remedy: String) { get }
}

extension BokehServer {
    package static var targetUsage: String { "[<file> ...]" }
    package static var targetHelp: String {
        "The files or directories to serve, then words that are passed on to \(title) unchanged; flags after --. "
            + "Default: \(usualFile)."
    }

    package var isViewer: Bool { false }
    package var dataDirectory: String? { files.first }
    package var dataKind: String { "file" }

    private var files: [String] { words.targets.isEmpty ? [Self.usualFile] : words.targets }

    /// A file is served at its name; of several, the page at the prefix is a list. There is no slash at the end: below it, a
    /// page of Panel looks for its scripts at a path where they are not.
    package var page: String {
        guard files.count == 1, let name = files.first?.split(separator: "/").last, name != ".", name != ".." else {
            return ""
        }
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        return stem.isEmpty ? "" : "/\(PercentEncoding.encode(String(stem)))"
    }

    package var readiness: ReadinessPolicy {
        // It redirects to the page or shows a list: asking for a page runs the user's file each time.
        ReadinessPolicy(path: "/", alsoAccepts: [401, 403], interval: .seconds(10))
    }

    package var withoutLogin: String? {
        words.flags.given(["--auth-module", "--basic-auth", "--oauth-provider"]).isEmpty
            ? "has no login: whoever knows the path can use it" : nil
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try RuleFlags(
            port: [FlagName("--port", shortest: "--po")],
            address: [FlagName("--address", shortest: "--ad")],
            prefix: [FlagName("--prefix", shortest: "--pre")]
        ).check(words.flags, for: backend)
        try words.flags.refuseSecrets(Self.secrets.flags, remedy: Self.secrets.remedy)
        var own = ["serve", "--port", String(backend.port), "--address", "0.0.0.0"]
        if !backend.prefix.isRoot { own += ["--prefix", backend.prefix.withoutTrailingSlash] }
        // Last, since --args takes all words after it.
        return own + (words.targets.isEmpty ? files : []) + words.all
    }
}
