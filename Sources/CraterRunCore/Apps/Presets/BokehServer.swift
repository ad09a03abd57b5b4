/// An app that is served by Bokeh's server. Panel uses the same server, with the same flags.
protocol BokehServer: ScriptApp {
    /// The flags for the address and the prefix. Panel has more flags than Bokeh, so fewer abbreviations are unambiguous.
    static var address: FlagName { get }
    static var prefix: FlagName { get }
    /// The flags whose values are secrets, and the variables to use instead.
    static var secrets: (flags: [FlagName], remedy: String) { get }
}

extension BokehServer {
    package static var subcommands: Set<String> { ["serve"] }
    package static var endOfFlags: String { "--args" }
    package static var ruleFlags: RuleFlags {
        RuleFlags(
            port: [FlagName("--port", shortest: "--po")], address: [address], prefix: [prefix],
            unreachable: [
                FlagName("--unix-socket", shortest: "--uni"), FlagName("--ssl-certfile", shortest: "--ssl-c"),
                FlagName("--ssl-keyfile", shortest: "--ssl-k"),
            ])
    }
    package static var targetUsage: String { "[<file> ...]" }
    package static var targetHelp: String {
        "The files or directories to serve, then words that are passed on to \(title) unchanged; put flags after --. "
            + "Default: \(usualFile)."
    }

    private var files: [String] { words.targets.isEmpty ? [Self.usualFile] : words.targets }

    /// The page of a single file is at the file's name without its extension. If there are several files, the page at
    /// the prefix lists them. There is no slash at the end: with a slash, Panel's page asks for its scripts at a wrong
    /// path.
    package var page: String {
        guard files.count == 1, let name = files.first?.split(separator: "/").last, name != ".", name != ".." else {
            return ""
        }
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        return stem.isEmpty ? "" : "/\(PercentEncoding.encode(String(stem)))"
    }

    package var readiness: ReadinessPolicy {
        // The prefix redirects to the page or shows the list. A check of the page itself would run the user's file.
        ReadinessPolicy(path: "/", alsoAccepts: [401, 403], interval: .seconds(10))
    }

    package var transportVariables: [String] { ["BOKEH_SSL_CERTFILE", "BOKEH_SSL_KEYFILE"] }

    package var withoutLogin: String? {
        words.flags.given([
            FlagName("--auth-module", shortest: "--auth-m"), FlagName("--basic-auth", shortest: "--basic-a"),
            FlagName("--oauth-provider", shortest: "--oauth-p"),
        ]).isEmpty
            ? "has no login: whoever knows the path can use it" : nil
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try Refusal.refuse(
            "()*+$", in: backend, of: identity, because: "takes these for signs of a regular expression")
        let flags = try Self.ruleFlags.rest(of: words.flags, for: backend)
        try words.flags.refuseSecrets(Self.secrets.flags, remedy: Self.secrets.remedy)
        var own = ["serve", "--port", String(backend.port), "--address", backend.host]
        if !backend.prefix.isRoot { own += ["--prefix", backend.prefix.withoutTrailingSlash] }
        // The user's words come last, since --args takes all words after it.
        return own + files + flags.words + words.others
    }
}
