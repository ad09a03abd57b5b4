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

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["streamlit"] }
    package var module: String? { "streamlit" }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/_stcore/health", interval: .seconds(10)) }
    package var serviceLinks: [String] { ["STREAMLIT_SERVER_PORT"] }
    package var withoutLogin: String? { "has no login: whoever knows the path can use it" }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try RuleFlags(port: ["--server.port"], address: ["--server.address"], prefix: ["--server.baseUrlPath"])
            .check(words.flags, for: backend)
        try words.flags.refuseSecrets(["--server.cookieSecret"], remedy: "STREAMLIT_SERVER_COOKIE_SECRET")
        // These flags come before the user's: Streamlit uses the last of equal flags, and words after a `--` go to the
        // script.
        var own = ["--server.port", String(backend.port), "--server.address", "0.0.0.0"]
        if !backend.prefix.isRoot { own += ["--server.baseUrlPath", backend.prefix.withoutTrailingSlash] }
        own += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
        return ["run", file] + own + fileAndRest.dropFirst()
    }
}
