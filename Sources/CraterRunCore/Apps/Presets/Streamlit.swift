/// Streamlit, as measured with 1.28 and 1.67: everything that it serves is below its prefix.
package struct Streamlit: ScriptApp, Equatable {
    package static let identity = AppIdentity(name: "streamlit", ruleNames: ["streamlit"], defaultPort: 8501)
    package static let title = "Streamlit"
    static let usualFile = "app.py"
    package static let examples = [
        "crater-run streamlit app.py",
        "crater-run streamlit app.py -- --theme.base dark",
        "crater-run streamlit app.py -- -- --words-of-the-script",
    ]

    package static let subcommands: Set<String> = ["run"]
    package static let ruleFlags = RuleFlags(
        port: ["--server.port"], address: ["--server.address"], prefix: ["--server.baseUrlPath"],
        unreachable: ["--server.sslCertFile", "--server.sslKeyFile"])

    /// A part of Streamlit's Tornado server. Versions from 1.57 on, which have only Starlette, do not have it.
    private static let tornadoFile = "web/server/browser_websocket_handler.py"

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["streamlit"] }
    package var module: String? { "streamlit" }
    /// For the user's settings and secrets.
    package var directoryInHome: DirectoryInHome? { .read(".streamlit") }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/_stcore/health", interval: .seconds(10)) }
    package var serviceLinks: [String] { ["STREAMLIT_SERVER_PORT"] }
    package var transportVariables: [String] { ["STREAMLIT_SERVER_SSL_CERT_FILE", "STREAMLIT_SERVER_SSL_KEY_FILE"] }
    package var prefixVariables: [String] { ["STREAMLIT_SERVER_BASE_URL_PATH"] }
    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.package = PythonPackage.Question(name: "streamlit", files: [Streamlit.tornadoFile])
        return search
    }
    package var withoutLogin: String? {
        "has no login unless the script gives it one (st.login): whoever knows the path can use it"
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try Streamlit.ruleFlags.rest(of: words.flags, for: backend)
        try words.flags.refuseSecrets(["--server.cookieSecret"], remedy: "STREAMLIT_SERVER_COOKIE_SECRET")
        // These flags come before the user's: Streamlit uses the last of equal flags, and words after a `--` go to the
        // script.
        var own = ["--server.port", String(backend.port), "--server.address", backend.host]
        if !backend.prefix.isRoot { own += ["--server.baseUrlPath", try form(of: backend, on: host)] }
        own += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
        return ["run", file] + own + words.targets.dropFirst() + flags.words + words.others
    }

    /// The prefix as Streamlit compares it. Starlette decodes a request's path. Tornado does not decode the path, and
    /// takes the prefix for a regular expression.
    private func form(of backend: Backend, on host: HostFacts) throws(Refusal) -> String {
        guard usesTornado(on: host) else {
            try Refusal.refuse(
                decoded: "{}", in: backend, of: identity, because: "takes these for the names of parameters")
            return backend.prefix.decoded
        }
        return backend.prefix.withoutTrailingSlash.reduce(into: "") { text, character in
            text += "()*+$".contains(character) ? "\\\(character)" : String(character)
        }
    }

    private func usesTornado(on host: HostFacts) -> Bool {
        guard let package = host.package, !package.missingFiles.contains(Streamlit.tornadoFile) else { return false }
        // From 1.53 on, Streamlit has both servers, and this setting chooses.
        let flag = words.flags.given(["--server.useStarlette"]).last
        let value = flag.map { $0.value ?? "true" } ?? host.value(of: "STREAMLIT_SERVER_USE_STARLETTE")
        return value?.lowercased() != "true"
    }
}
