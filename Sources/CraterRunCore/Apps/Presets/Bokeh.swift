/// Bokeh's server, as measured with 2.4 and 3.9.
package struct Bokeh: BokehServer, Equatable {
    package static let identity = AppIdentity(name: "bokeh", ruleNames: ["bokeh"], defaultPort: 5006)
    package static let title = "Bokeh"
    static let usualFile = "app.py"
    package static let examples = ["crater-run bokeh app.py", "crater-run bokeh app.py -- --args words of the script"]
    static let address = FlagName("--address", shortest: "--ad")
    static let prefix = FlagName("--prefix", shortest: "--pr")
    static let secrets: (flags: [FlagName], remedy: String) = (
        [FlagName("--cookie-secret", shortest: "--co")], "BOKEH_COOKIE_SECRET"
    )

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["bokeh"] }
    package var module: String? { "bokeh" }
}
