/// Jupyter, whichever of its servers is installed: JupyterLab, Notebook 7, the classic Notebook up to 6, nbclassic, the
/// bare server. All of them take the same flags.
package struct Jupyter: WebApp, Equatable {
    /// What to serve; nil for the best that is installed.
    package var interface: Interface?
    /// `--notebook-dir`; nil for what the user's configuration says, or else the working directory.
    package var notebookDirectory: String?
    /// The user's own flags.
    package var flags: [String]

    /// The kind of program.
    package enum Interface: String, CaseIterable, Sendable {
        case lab, notebook, server
    }

    package init(interface: Interface? = nil, notebookDirectory: String? = nil, flags: [String] = []) {
        self.interface = interface
        self.notebookDirectory = notebookDirectory
        self.flags = flags
    }

    package var identity: AppIdentity { .jupyter }
    package var stopSignal: Signal { .terminate }
    /// Jupyter's signal handler writes to the log. If the signal interrupts a write to the log, Python raises
    /// "reentrant call" and the signal is lost.
    package var missesStopSignals: Bool { true }
    package var environment: EnvironmentEdits { EnvironmentEdits() }
    package var dataDirectory: String? { nil }
    /// Jupyter's kernels compute, on the GPUs too.
    package var isViewer: Bool { false }
    package var surroundings: Set<Surrounding> { [.home] }
    package var serviceLinks: [String] { ["JUPYTER_PORT"] }
    package var runtimeDirectory: String? { "runtime" }
    package var fileVariables: [String] { ["JUPYTER_TOKEN_FILE"] }
    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.package = Jupyter.packageQuestion
        search.frontCommand = "jupyter"
        return search
    }
    package func isRuntimeFile(_ name: String) -> Bool { JupyterServerFile.prefixes.contains(where: name.hasPrefix) }

    package var executables: [String] {
        switch interface {
        case .lab: ["jupyter-lab"]
        case .notebook: ["jupyter-notebook", "jupyter-nbclassic"]
        case .server: ["jupyter-server"]
        case nil: ["jupyter-lab", "jupyter-notebook", "jupyter-nbclassic", "jupyter-server"]
        }
    }

    package var module: String? {
        switch interface {
        case .lab, nil: "jupyterlab"
        case .notebook: "notebook"
        case .server: "jupyter_server"
        }
    }

    package func distributions(of program: HostFacts.Program?) -> [String] {
        let all = ["jupyterlab", "notebook", "nbclassic", "jupyter_server"]
        switch program {
        case .executable(let path, let text), .script(let path, let text, _):
            return JupyterProgram(script: text, name: path).map { [$0.distribution] } ?? all
        case .module(let module, _): return [module]
        case .interpreter, nil: return all
        }
    }

    package var readiness: ReadinessPolicy {
        // Every version answers this path without a token, and does not log the request.
        ReadinessPolicy(path: "/api", interval: .seconds(10))
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try refuseOtherInterface(host)
        try Refusal.refuse(
            "()*+$", in: backend, of: identity, because: "takes these for signs of a regular expression")
        // A semicolon would end the path of a cookie, so the library that writes the cookies refuses such a path.
        try Refusal.refuse(";", in: backend, of: identity, because: "cannot write such a path in its cookies")
        let own = try JupyterFlags(flags, backend: backend)
        var settings = [("base_url", backend.prefix.withTrailingSlash)] + placeSettings(for: backend)
        settings.append(("trust_xheaders", "True"))
        // At the loopback address or a socket, Jupyter answers 403 to every request with another Host.
        if backend.isBehindDoor { settings.append(("allow_remote_access", "True")) }
        settings.removeAll { own.decided.contains($0.0) }
        // If --executable names `jupyter` itself, crater-run starts a program beside it, such as `jupyter-lab`. It
        // starts `jupyter` with a subcommand only if there is no such program.
        var words = subcommand(on: host).map { [$0.rawValue] } ?? []
        let families = families(on: host)
        words += settings.flatMap { setting in families.map { "--\($0).\(setting.0)=\(setting.1)" } }
        words += ["--no-browser", "--allow-root"]
        if setsCookiePath(for: backend, given: own, on: host) {
            let path = backend.prefix.withTrailingSlash
            words.append("--NotebookApp.tornado_settings={\"xsrf_cookie_kwargs\":{\"path\":\"\(path)\"}}")
        }
        if let directory = notebookDirectory {
            guard own.decided.isDisjoint(with: ["notebook_dir", "root_dir"]) else {
                throw Refusal(
                    "a notebook directory is given after -- as well as --notebook-dir before it: leave one out")
            }
            words.append("--notebook-dir=\(directory)")
        }
        return words + own.words
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        var needs = LaunchNeeds()
        if let own = try? JupyterFlags(flags, backend: backend), own.hasEmptyToken {
            needs.notes.append("without a token, whoever knows the path can run code in this container")
        }
        if let directory = host.privateDirectory {
            // A cookie secret stays there, so that open pages stay logged in. Other files go: pids repeat, so an old
            // file could be taken for the new run's.
            let runtime = "\(directory)/\(runtimeDirectory ?? "")"
            needs.preparations.append(
                .runtimeDirectory(path: runtime, without: JupyterServerFile.prefixes + ["kernel-"]))
            needs.environment.set("JUPYTER_RUNTIME_DIR", to: runtime)
        } else {
            let why = host.unsafePlaces.isEmpty ? "" : ": " + host.unsafePlaces.joined(separator: "; ")
            needs.notes.append(
                "there is no place for a private directory (CRATER_RUN_DIR names another)\(why). jupyter reads its token from memory "
                    + "and keeps its own runtime directory; crater-run cannot tell which kernels end with it"
            )
        }
        giveToken(to: &needs, on: host)
        tellAboutCookiePath(in: &needs, for: backend, on: host)
        tellKernels(in: &needs, about: backend, on: host)
        return needs
    }

    package func losses(_ names: [String]) -> LogEntry? {
        let kernels = names.count { $0.hasPrefix("kernel-") && $0.hasSuffix(".json") }
        guard kernels > 0 else { return nil }
        let text = kernels == 1 ? "1 kernel ends with it and loses" : "\(kernels) kernels end with it and lose"
        return LogEntry(.warning, "jupyter: \(text) everything in memory; saved notebooks stay")
    }

    /// The configuration classes that the program reads. It would log a warning for each flag of another class.
    private func families(on host: HostFacts) -> [String] {
        let (server, classic) = ("ServerApp", "NotebookApp")
        guard let isServer = isServer(on: host) else { return [server, classic] }
        // A user's configuration of NotebookApp overrides ServerApp's flags, even those on the command line.
        return isServer ? [server] + (host.configuration[classic] == nil ? [] : [classic]) : [classic]
    }

    /// The subcommand, if the program is `jupyter` itself; else nil.
    private func subcommand(on host: HostFacts) -> Interface? {
        guard host.program.words.last?.split(separator: "/").last == "jupyter" else { return nil }
        if let interface { return interface }
        let hasLabOrNone = host.package?.versions["jupyterlab"] != nil || host.package?.versions["notebook"] == nil
        return hasLabOrNone ? .lab : .notebook
    }

    /// Whether the program is a Jupyter Server (true) or the classic Notebook (false); nil if this is not known.
    func isServer(on host: HostFacts) -> Bool? {
        func isAtLeast(_ version: Int, of distribution: String) -> Bool? {
            guard let package = host.package, package.versions[distribution] != nil else { return nil }
            return package.has(distribution, atLeast: [version])
        }
        if case .module(let module, _) = host.program {
            switch module {
            case "jupyterlab": return isAtLeast(3, of: "jupyterlab")
            case "notebook": return isAtLeast(7, of: "notebook")
            default: return true
            }
        }
        switch subcommand(on: host) {
        case .lab: return isAtLeast(3, of: "jupyterlab")
        case .notebook: return isAtLeast(7, of: "notebook")
        case .server: return true
        case nil: break
        }
        // Only the script's text tells the program: three different programs have the name `jupyter-notebook`.
        switch host.program.script.flatMap({ JupyterProgram(script: $0.text, name: "") }) {
        // JupyterLab 2 and older run the classic Notebook's server, but their script is the same as JupyterLab 3's.
        case .lab: return isAtLeast(3, of: "jupyterlab")
        case .notebook, .nbclassic, .server: return true
        case .classic: return false
        case nil: return nil
        }
    }

    /// Refuses a program that is not the wanted interface. Only a script's text tells the program, since names do not:
    /// `jupyter-notebook` is the name of three different programs.
    private func refuseOtherInterface(_ host: HostFacts) throws(Refusal) {
        guard let interface, let (path, text) = host.program.script else { return }
        guard let program = JupyterProgram(script: text, name: path), program.interface != interface else { return }
        throw Refusal(
            "\(path) is \(program.rawValue), not what --interface \(interface.rawValue) asks for: leave one of them out"
        )
    }
}
