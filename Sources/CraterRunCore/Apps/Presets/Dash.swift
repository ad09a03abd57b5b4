/// A script with Dash, as measured with 2.18 and 4.4: it says `app.run()`, without host and port.
package struct Dash: PythonScript, Equatable {
    package static let identity = AppIdentity(name: "dash", ruleNames: ["dash"], defaultPort: 8050)
    package static let title = "Dash"
    static let usualFile = "app.py"
    package static let examples = ["crater-run dash app.py", "crater-run dash app.py -- --words-of-the-script"]

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    /// Dash has no program of its own name; beside these its Python is.
    package var executables: [String] { ["dash-update-components", "dash-generate-components"] }
    package var module: String? { "dash.dash" }
    package var readiness: ReadinessPolicy {
        // Neither the page nor its layout, which may run code of the script each time.
        ReadinessPolicy(path: "/_reload-hash", alsoAccepts: [401, 403], interval: .seconds(10))
    }
    package var withoutLogin: String? {
        "has no login unless the script gives it one: whoever knows the path can use it"
    }

    func place(_ backend: Backend) -> EnvironmentEdits {
        // HOST is also a variable of conda's, which is no address.
        var edits = EnvironmentEdits(["HOST": "0.0.0.0", "PORT": String(backend.port)])
        edits.set("DASH_URL_BASE_PATHNAME", to: backend.prefix.withTrailingSlash)
        // It refuses these beside that.
        for name in ["DASH_ROUTES_PATHNAME_PREFIX", "DASH_REQUESTS_PATHNAME_PREFIX"] { edits.remove(name) }
        return edits
    }
}
