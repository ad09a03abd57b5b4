/// A script with Dash, as measured with 2.18 and 4.4. The script must call `app.run()` without host and port.
package struct Dash: PythonScript, Equatable {
    package static let identity = AppIdentity(name: "dash", ruleNames: ["dash"], defaultPort: 8050)
    package static let title = "Dash"
    static let usualFile = "app.py"
    package static let examples = ["crater-run dash app.py", "crater-run dash app.py -- --words-of-the-script"]

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    /// Dash has no program of its own name. These programs are installed beside the Python that has Dash.
    package var executables: [String] { ["dash-update-components", "dash-generate-components"] }
    package var module: String? { "dash.dash" }
    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.startsInterpreter = true
        search.package = PythonPackage.Question(name: "dash", distributions: ["dash"])
        return search
    }
    package var readiness: ReadinessPolicy {
        // A check of the page or of its layout could run the script's code.
        ReadinessPolicy(path: "/_reload-hash", alsoAccepts: [401, 403], interval: .seconds(10))
    }
    package var withoutLogin: String? {
        "has no login unless the script gives it one: whoever knows the path can use it"
    }

    func check(_ backend: Backend, on host: HostFacts) throws(Refusal) {
        try Refusal.refuse(
            decoded: "%?#<>\"\u{FFFD}", in: backend, of: identity,
            because: "writes these without escapes into its links, or takes them for a part of a route")
    }

    /// Dash writes the prefix into the links of its page.
    package var writesOutsidePrefix: Bool { true }

    func variables(for place: ServingPlace) -> EnvironmentEdits {
        let backend = place.backend
        // This also replaces the HOST of conda's compilers, which is no address.
        var edits = EnvironmentEdits(["HOST": backend.host, "PORT": String(backend.port)])
        // Dash refuses these two variables beside DASH_URL_BASE_PATHNAME.
        let (routes, requests) = ("DASH_ROUTES_PATHNAME_PREFIX", "DASH_REQUESTS_PATHNAME_PREFIX")
        if place.isStripped {
            edits.remove("DASH_URL_BASE_PATHNAME")
            edits.set(routes, to: "/")
            edits.set(requests, to: place.outside.prefix.withTrailingSlash)
        } else {
            edits.set("DASH_URL_BASE_PATHNAME", to: backend.prefix.isRoot ? "/" : "\(backend.prefix.decoded)/")
            for name in [routes, requests] { edits.remove(name) }
        }
        return edits
    }

    package func needs(for place: ServingPlace, on host: HostFacts) -> LaunchNeeds {
        var needs = LaunchNeeds(environment: variables(for: place))
        guard readsCondaPrefix(on: host) else { return needs }
        // Also an empty value counts for Dash, and one that is no text, which the facts do not have.
        needs.environment.remove("CONDA_PREFIX")
        guard host.variables["CONDA_PREFIX"] != nil, !place.backend.isBehindDoor else { return needs }
        needs.notes.append(
            "with CONDA_PREFIX, dash listens at 127.0.0.1, where no ingress reaches it: CONDA_PREFIX is removed from the "
                + "environment of dash (the script finds its environment's directory in sys.prefix)")
        return needs
    }

    /// Whether Dash looks at CONDA_PREFIX, as it does since 3.0; true if its version is not known.
    private func readsCondaPrefix(on host: HostFacts) -> Bool {
        guard let package = host.package, package.versions["dash"] != nil else { return true }
        return package.has("dash", atLeast: [3])
    }
}
