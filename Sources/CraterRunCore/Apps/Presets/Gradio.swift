/// A script with Gradio, as measured with 4.44 and 6.31; behind a front door that takes the prefix off, also with 3.50.
///
/// Python runs the script, since `gradio app.py` is for development: it restarts the script when a file changes.
package struct Gradio: PythonScript, Equatable {
    package static let identity = AppIdentity(name: "gradio", ruleNames: ["gradio"], defaultPort: 7860)
    package static let title = "Gradio"
    static let usualFile = "app.py"
    package static let examples = ["crater-run gradio app.py", "crater-run gradio app.py -- --words-of-the-script"]

    let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    /// This program is installed beside the Python that has Gradio.
    package var executables: [String] { ["gradio"] }
    package var module: String? { "gradio.interface" }
    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.startsInterpreter = true
        search.package = PythonPackage.Question(name: "gradio", distributions: ["starlette", "gradio"])
        return search
    }
    package var readiness: ReadinessPolicy {
        // Gradio answers 401 if the script asks for a login (launch(auth=…)).
        ReadinessPolicy(path: "/config", alsoAccepts: [401], interval: .seconds(10))
    }
    /// Gradio keeps the files of its pages there.
    package var temporaryDirectories: [String] { ["gradio"] }
    package var temporaryDirectoryVariable: String? { "GRADIO_TEMP_DIR" }
    /// With `ssr_mode`, Python listens first, at a port above. Then Node starts, at the rule's port.
    package var earlyPorts: EarlyPorts { .above }
    package var withoutLogin: String? {
        "has no login unless the script gives it one (launch(auth=…)): whoever knows the path can use it"
    }

    func check(_ backend: Backend, on host: HostFacts) throws(Refusal) {
        try Refusal.refuse(
            decoded: "%\u{FFFD}", in: backend, of: identity, because: "writes these without escapes into its links")
        guard let package = host.package, package.versions["starlette"] != nil,
            !package.has("starlette", atLeast: [0, 40])
        else { return }
        try Refusal.refuse(
            decoded: "()*+$?[]{}^|", in: backend, of: identity,
            because: "takes these, with starlette before 0.40, for signs of a regular expression")
    }

    /// Gradio writes the prefix into the links of its page.
    package var writesOutsidePrefix: Bool { true }

    func variables(for place: ServingPlace) -> EnvironmentEdits {
        var edits = EnvironmentEdits([
            "GRADIO_SERVER_NAME": place.backend.host,
            "GRADIO_SERVER_PORT": String(place.backend.port),
            // Otherwise Gradio would silently take one of the next hundred ports, where no ingress finds it.
            "GRADIO_NUM_PORTS": "1",
        ])
        // Without the prefix in requests, Gradio compares the variable with no path, and only writes it into links.
        if place.isStripped {
            edits.set("GRADIO_ROOT_PATH", to: place.outside.prefix.withoutTrailingSlash)
        } else if !place.backend.prefix.isRoot {
            edits.set("GRADIO_ROOT_PATH", to: place.backend.prefix.decoded)
        }
        return edits
    }

    package func needs(for place: ServingPlace, on host: HostFacts) -> LaunchNeeds {
        var needs = LaunchNeeds(environment: variables(for: place))
        guard let package = host.package, let version = package.versions["gradio"],
            !package.has("gradio", atLeast: [4])
        else { return needs }
        if !place.backend.prefix.isRoot {
            needs.lack = AppLack(
                "gradio \(version) does not know the prefix of its requests, so its page does not open",
                remedy: "Serve it with --strip-prefix, or install gradio 4 or later")
        } else if place.isStripped, !package.has("gradio", atLeast: [3, 40]) {
            needs.lack = AppLack(
                "gradio \(version) cannot be told the prefix, so its page shows no answers",
                remedy: "Install gradio 3.40 or later")
        }
        return needs
    }
}
