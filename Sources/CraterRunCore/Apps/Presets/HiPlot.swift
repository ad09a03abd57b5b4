/// HiPlot, as measured with 0.1.25 and 0.1.33.
///
/// It knows no prefix. Its page asks for nearly everything by relative paths, but for the data of an experiment at
/// `/data`, which is outside of the prefix. So it is started by code that has its page ask for `data`.
package struct HiPlot: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "hiplot", ruleNames: ["hiplot"], defaultPort: 5005)
    package static let title = "HiPlot"
    package static let targetUsage = "[<fetcher> ...]"
    package static let targetHelp =
        "Python functions that find experiments (package.module.function), then words that are passed on to HiPlot "
        + "unchanged; put flags after --. Default: none, and the page opens CSV and JSON files by their paths."
    package static let examples = ["crater-run hiplot", "crater-run hiplot mypackage.fetchers.by_name"]
    package static let executableHelp = "The command hiplot of the Python to run, or that Python."

    package static let ruleFlags = RuleFlags(
        port: [FlagName("--port", shortest: "--p")], address: [FlagName("--host", shortest: "--ho")])

    /// The script stands before HiPlot's own, which asks by XMLHttpRequest. With `-c` the working directory comes first
    /// in `sys.path`, so that a user's own json.py would be imported instead of Python's. The code removes that entry.
    private static let code =
        "import sys;sys.path=[p for p in sys.path if p];sys.argv[0]=\"hiplot\";import hiplot.server as s;"
        + "page=s.get_index_html_template;"
        + "s.get_index_html_template=lambda:page().replace(\"<head>\",\"<head><script>(open=>{"
        + "XMLHttpRequest.prototype.open=function(method,url,...rest){return open.call(this,method,"
        + "String(url).replace(/^\\\\/data\\\\?/,'data?'),...rest)}})(XMLHttpRequest.prototype.open)</script>\",1);"
        + "s.run_server_main()"

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var knowsPrefix: Bool { false }
    package var executables: [String] { ["hiplot"] }
    package var module: String? { "hiplot" }
    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.startsInterpreter = true
        search.package = PythonPackage.Question(name: "hiplot")
        return search
    }
    /// Fetchers are code of the user's, which may need what the training needs.
    package var isViewer: Bool { words.targets.isEmpty }
    package var readiness: ReadinessPolicy {
        // Rarely, since HiPlot logs every request.
        ReadinessPolicy(path: "/", interval: .seconds(30))
    }
    package var withoutLogin: String? {
        "has no login: whoever knows the path can read every CSV and JSON file of this container"
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try HiPlot.ruleFlags.rest(of: words.flags, for: backend)
        if let given = flags.given([FlagName("--dev", shortest: "--d")]).first {
            throw Refusal(
                "\(given.flag) is for the development of HiPlot, and runs code for whoever opens the page: leave it out"
            )
        }
        return ["-c", HiPlot.code, "--host", backend.host, "--port", String(backend.port)]
            + words.targets + flags.words + words.others
    }
}
