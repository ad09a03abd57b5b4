/// Dask's scheduler, whose dashboard is served, as measured with 2023.5.0 and 2026.8.0.
///
/// With `--dashboard-prefix` the dashboard's pages are below a prefix, but the prefix itself redirects to a wrong path. So
/// the dashboard is served at the root, behind a front door that takes the prefix off.
package struct Dask: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "dask", ruleNames: ["dask"], defaultPort: 8787)
    package static let title = "Dask"
    package static let targetUsage = "[scheduler]"
    package static let targetHelp =
        "Words that are passed on to dask scheduler unchanged; put flags after --. The dashboard is served."
    package static let examples = ["crater-run dask", "crater-run dask -- --host 127.0.0.1 --port 8786"]

    package static let subcommands: Set<String> = ["scheduler"]
    package static let ruleFlags = RuleFlags(prefix: ["--dashboard-prefix"])
    package static var familiarFlags: FamiliarFlags {
        FamiliarFlags(withValue: ["--dashboard-address", "--dashboard-prefix"])
    }

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var knowsPrefix: Bool { false }
    package var executables: [String] { ["dask"] }
    package var module: String? { "dask" }
    package var installation: String { "pip install 'dask[distributed]' bokeh" }
    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.package = PythonPackage.Question(name: "distributed", distributions: ["bokeh"])
        return search
    }
    package var isViewer: Bool { false }
    package var readiness: ReadinessPolicy { ReadinessPolicy(path: "/health", interval: .seconds(10)) }
    package var transportVariables: [String] {
        ["CERT", "KEY", "CA_FILE"].map { "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__TLS__\($0)" }
    }
    package var withoutLogin: String? {
        words.flags.given(["--jupyter"]).isEmpty
            ? "has no login: whoever knows the path sees the cluster and the names of its tasks"
            : "has no login: whoever knows the path can run code in this container"
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let name: FlagName = "--dashboard-address"
        for given in words.flags.given([name]) where !Dask.names(given.value, backend) {
            throw Refusal(given.words, backend.portReason, "--port before the --")
        }
        let flags = try Dask.ruleFlags.rest(of: words.flags.without([name]), for: backend)
        if !flags.given(["--no-dashboard"]).isEmpty {
            throw Refusal("--no-dashboard leaves dask without a page: leave it out")
        }
        return ["scheduler", "--dashboard-address", "\(backend.host):\(backend.port)"]
            + words.targets + flags.words + words.others
    }

    /// Whether an address of the user's, such as `:8787`, is the one at which the dashboard has to listen.
    private static func names(_ address: String?, _ backend: Backend) -> Bool {
        guard let address else { return false }
        return ["", ":", "0.0.0.0:", "\(backend.host):"].contains { address == "\($0)\(backend.port)" }
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        var needs = LaunchNeeds()
        if let package = host.package, package.versions["bokeh"] == nil {
            needs.lack = AppLack(
                "dask has no dashboard: the Python package bokeh is not installed beside it",
                remedy: "pip install bokeh")
        }
        return needs
    }
}
