/// Visdom, as measured with 0.2.4 and 0.3.0.
///
/// It is never started by its own script, which first downloads 22 files without a timeout.
package struct Visdom: WebApp, Equatable {
    /// `-env_path`, the directory of the plots; nil for Visdom's own choice, `~/.visdom`.
    package var environmentPath: String?
    /// The user's own flags, passed on unchanged.
    package var flags: UserFlags
    /// Whether the GPUs stay visible to Visdom.
    package var keepsGPU: Bool

    package init(environmentPath: String? = nil, flags: [String] = [], keepsGPU: Bool = false) {
        self.environmentPath = environmentPath
        self.flags = UserFlags(flags)
        self.keepsGPU = keepsGPU
    }

    /// SIGINT makes 0.3 save its data as it exits. The code sets a handler for SIGINT, because a shell starts a
    /// background job with SIGINT ignored, and because Python's own handler prints a long traceback.
    ///
    /// With `-c` the working directory comes first in `sys.path`, so that a training's own visdom.py or types.py would
    /// be imported instead. The code removes that entry.
    private static let code =
        "import sys;sys.path=[p for p in sys.path if p];import signal;signal.signal(signal.SIGINT,lambda *_:sys.exit());sys.argv[0]=\"visdom\";"
        + "from visdom.server.run_server import main;main()"

    /// Without these files, Visdom's page stays empty. They are a few of 22 files, which are installed together.
    private static let browserFiles = ["jquery.min.js", "plotly-plotly.min.js", "react-react.min.js"]

    private static let tornado = "its page answers 403 with tornado 6.6 and later: pip install 'tornado<6.6'"

    package var identity: AppIdentity { .visdom }
    package var executables: [String] { ["visdom"] }
    package var module: String? { "visdom.server.run_server" }
    /// SIGTERM loses data that is not saved.
    package var stopSignal: Signal { .interrupt }
    package var dataDirectory: String? { nil }
    package var isViewer: Bool { true }
    package var withoutLogin: String? {
        flags.given("-enable_login", shortest: "-enable_l").isEmpty
            ? "has no login: whoever knows the path sees the plots, and can change them" : nil
    }
    package var surroundings: Set<Surrounding> { [.home, .userName] }
    package var directoryInHome: DirectoryInHome? {
        environmentPath == nil && flags.given("-env_path", shortest: "-env").isEmpty ? .written(".visdom") : nil
    }

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
        // The page itself: /health answers 200 even when the page does not. Rarely, since Visdom logs every request.
        ReadinessPolicy(path: "", hints: [403: Visdom.tornado], interval: .seconds(30))
    }

    package var environment: EnvironmentEdits {
        var edits = EnvironmentEdits(["PYTHONUNBUFFERED": "1"])
        if !keepsGPU { edits.set("CUDA_VISIBLE_DEVICES", to: "") }
        return edits
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try checkedFlags(for: backend)
        try Refusal.refuse(
            "()*+$", in: backend, of: identity, because: "takes these for signs of a regular expression")
        var words = ["-c", Visdom.code, "-port", String(backend.port)]
        // Visdom asserts that there is no slash at the end.
        if !backend.prefix.isRoot { words += ["-base_url", backend.prefix.withoutTrailingSlash] }
        if backend.isBehindDoor { words.append("-bind_local") }
        if let path = environmentPath { words += ["-env_path", path] }
        return words + flags.words
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
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

    /// The user's flags without those for the port and the prefix.
    private func checkedFlags(for backend: Backend) throws(Refusal) -> UserFlags {
        // Visdom has no --port and no --base_url, but people type them.
        let rest = try RuleFlags(
            port: [FlagName("-port", shortest: "-p"), FlagName("--port", shortest: "--po")],
            prefix: [FlagName("-base_url", shortest: "-ba"), FlagName("--base_url", shortest: "--ba")],
            unreachable: [FlagName("-ssl_certfile", shortest: "-ssl_c"), FlagName("-ssl_keyfile", shortest: "-ssl_k")]
        ).rest(of: flags, for: backend)
        if let given = flags.given("-bind_local", shortest: "-bi").first {
            throw Refusal(given.words, backend.addressReason, "nothing in its place")
        }
        if environmentPath != nil, let given = flags.given("-env_path", shortest: "-env").first {
            throw Refusal(
                "\(given.flag) is given after -- as well as --env-path before it: leave one of them out")
        }
        // Visdom only prints this name. It is -hostname or --hostname by the version, and each version ends if it is given
        // the other's.
        return rest.without([FlagName("-hostname", shortest: "-ho"), FlagName("--hostname", shortest: "--ho")])
    }
}
