/// Panel, as measured with 1.3 and 1.9.
package struct Panel: BokehServer, Equatable {
    package static let identity = AppIdentity(name: "panel", ruleNames: ["panel"], defaultPort: 5006)
    package static let title = "Panel"
    static let usualFile = "app.py"
    package static let examples = ["crater-run panel app.py", "crater-run panel notebook.ipynb -- --autoreload"]
    static let address = FlagName("--address", shortest: "--add")
    static let prefix = FlagName("--prefix", shortest: "--pre")
    static let secrets: (flags: [FlagName], remedy: String) = (
        [
            // Without --cookie-path, as in Panel 1.3, --co is enough.
            FlagName("--cookie-secret", shortest: "--co"), FlagName("--basic-auth", shortest: "--ba"),
            FlagName("--oauth-secret", shortest: "--oauth-s"),
            FlagName("--oauth-encryption-key", shortest: "--oauth-en"),
        ],
        "PANEL_BASIC_AUTH, PANEL_OAUTH_SECRET, PANEL_OAUTH_ENCRYPTION or BOKEH_COOKIE_SECRET"
    )

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["panel"] }
    package var module: String? { "panel" }
    package var loginVariables: [String] { ["PANEL_BASIC_AUTH", "PANEL_OAUTH_PROVIDER"] }

    /// Panel sets the cookies of its login for the whole host. There they would replace those of another Panel.
    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        let (name, path) = ("PANEL_COOKIE_PATH", backend.prefix.withTrailingSlash)
        // A semicolon would end the cookie's path. Panel refuses the variable beside the flag.
        var needs = LaunchNeeds()
        if !backend.prefix.isRoot, !path.contains(";"),
            words.flags.given([FlagName("--cookie-path", shortest: "--cookie-p")]).isEmpty
        {
            needs.environment.setUnlessGiven(name, to: path)
        }
        return needs
    }
}
