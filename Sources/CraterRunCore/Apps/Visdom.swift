/// Visdom, as measured with 0.2.4 and 0.3.0.
///
/// Never by its own script, which first downloads 22 files without a time limit.
package struct Visdom: WebApp, Equatable {
    /// `-env_path`, where the plots are kept; nil: Visdom's own choice, `~/.visdom`.
    package var environmentPath: String?
    /// The user's own flags, passed on unchanged.
    package var flags: UserFlags
    /// Leaves the GPUs visible to it.
    package var keepsGPU: Bool

    package init(environmentPath: String? = nil, flags: [String] = [], keepsGPU: Bool = false) {
        self.environmentPath = environmentPath
        self.flags = UserFlags(flags)
        self.keepsGPU = keepsGPU
    }

    /// SIGINT is what makes 0.3 write down what it has, as it exits; a shell's background job is started with it ignored, and
    /// Python's own answer to it is a long traceback.
    ///
    /// By `-c` the working directory would come first among the places of modules, and a training's own visdom.py or types.py
    /// be taken for theirs.
    private static let code =
        "import sys;sys.path=[p for p in sys.path if p];import signal;signal.signal(signal.SIGINT,lambda *_:sys.exit());sys.argv[0]=\"visdom\";"
        + "from visdom.server.run_server import main;main()"

    /// Without these its page stays empty. A few of 22: they come together.
    private static let browserFiles = ["jquery.min.js", "plotly-plotly.min.js", "react-react.min.js"]

    private static let tornado = "its page answers 403 with tornado 6.6 and later: pip install 'tornado<6.6'"

    package var identity: AppIdentity { .visdom }
    package var executables: [String] { ["visdom"] }
    package var module: String? { "visdom.server.run_server" }
    /// SIGTERM loses what is not saved.
    package var stopSignal: Signal { .interrupt }
    package var dataDirectory: String? { nil }
    package var isViewer: Bool { true }
    package var surroundings: Set<Surrounding> { [.home, .userName] }

    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.startsInterpreter = true
        search.package = PythonPackage.Question(
            name: "visdom",
            files: Visdom.browserFiles.map { "static/js/\($0)" },
            distributions: ["tornado"]
        )
        return search
    }

    package var readiness: ReadinessPolicy {
        // The page itself: /health answers 200 even when the page does not. Rarely, since each is a line in its log.
        ReadinessPolicy(path: "", hints: [403: Visdom.tornado], interval: .seconds(30))
    }

    package var environment: EnvironmentEdits {
        var edits = EnvironmentEdits(["PYTHONUNBUFFERED": "1"])
        if !keepsGPU { edits.set("CUDA_VISIBLE_DEVICES", to: "") }
        return edits
    }

    package func arguments(for rule: IngressRule, on host: HostFacts) throws(FlagConflict) -> [String] {
        try refuseConflicts(with: rule)
        var words = ["-c", Visdom.code, "-port", String(rule.port)]
        // It asserts that there is no slash at the end.
        if !rule.prefix.isRoot { words += ["-base_url", rule.prefix.withoutTrailingSlash] }
        if let path = environmentPath { words += ["-env_path", path] }
        return words + flags.words
    }

    package func needs(for rule: IngressRule, on host: HostFacts) -> LaunchNeeds {
        var needs = LaunchNeeds()
        guard let package = host.package else { return needs }
        if let file = package.missingFiles.first {
            needs.lack = AppLack(
                "visdom's page will be empty: \(package.directory)/\(file) and other files for browsers are not there",
                remedy:
                    "Run the command visdom once where there is internet, such as when the image is built: it downloads them"
            )
        }
        if package.has("tornado", atLeast: [6, 6]) {
            needs.notes.append(
                "tornado \(package.versions["tornado"] ?? "") is installed for visdom: \(Visdom.tornado)")
        }
        return needs
    }

    private func refuseConflicts(with rule: IngressRule) throws(FlagConflict) {
        for given in flags.given("-port", shortest: "-p") where given.value != String(rule.port) {
            let why = "the rule \(rule.name) is on port \(rule.port)"
            throw FlagConflict(given.words, why, "--port before the --")
        }
        for given in flags.given("-base_url", shortest: "-ba")
        where given.value.flatMap({ $0 == rule.prefix.withoutTrailingSlash ? $0 : nil }) == nil {
            let why = "the prefix of the rule \(rule.name) is \(rule.prefix.withTrailingSlash)"
            throw FlagConflict(given.words, why, "--prefix before the --")
        }
        let addresses =
            flags.given("-bind_local", shortest: "-bi") + flags.given("-hostname", shortest: "-ho")
            + flags.given("--hostname", shortest: "--ho")
        if let given = addresses.first {
            throw FlagConflict(given.words, "it has to listen at all addresses", "nothing in its place")
        }
        if environmentPath != nil, let given = flags.given("-env_path", shortest: "-env").first {
            throw FlagConflict(
                reason: "\(given.flag) is given after -- as well as --env-path before it: leave one of them out")
        }
    }
}
