/// Keeps Jupyter's cookies from disturbing other Jupyters on the same host, and tells the kernels where Jupyter is
/// served.
extension Jupyter {
    /// The distribution of jupyter-server-proxy, which makes servers inside the container reachable below Jupyter's
    /// path.
    static let proxyDistribution = "jupyter_server_proxy"

    /// The configuration files that the classic Notebook does not read, without their extensions.
    private static let newerFiles = ["jupyter_server_config", "jupyter_lab_config", "jupyter_nbclassic_config"]
    private static let cookieSetting = "tornado_settings"
    private static let cookieKey = "xsrf_cookie_kwargs"

    package var configuration: ConfigurationQuestion? {
        let names = ["jupyter_notebook_config", "jupyter_config"] + Jupyter.newerFiles
        // The directories *_config.d are left out: Jupyter reads only its list of extensions there.
        return ConfigurationQuestion(
            directoryVariable: "JUPYTER_CONFIG_DIR", pathVariable: "JUPYTER_CONFIG_PATH",
            offVariable: "JUPYTER_NO_CONFIG", name: "jupyter",
            files: names.flatMap { ["\($0).py", "\($0).json"] }, namedFiles: JupyterFlags.configurationFiles(in: flags),
            words: [Jupyter.cookieSetting, Jupyter.cookieKey, "NotebookApp"])
    }

    /// Whether crater-run has to set the path of the cookie `_xsrf`. The classic Notebook sets this cookie for the
    /// whole host, so it replaces the cookie of every other Jupyter on the host, and those servers then refuse
    /// requests. Newer servers set the cookie for their prefix only. If the user has set `tornado_settings`, crater-run
    /// must not: its flag would replace the user's value.
    func setsCookiePath(for backend: Backend, given: JupyterFlags, on host: HostFacts) -> Bool {
        isServer(on: host) == false && !backend.prefix.isRoot && !given.decidesClassic(Jupyter.cookieSetting)
            && classicFile(with: Jupyter.cookieSetting, on: host) == nil
    }

    /// If the user's own `tornado_settings` leave the cookie for the whole host, adds a note with the missing part.
    func tellAboutCookiePath(in needs: inout LaunchNeeds, for backend: Backend, on host: HostFacts) {
        guard isServer(on: host) == false, !backend.prefix.isRoot else { return }
        let place: String
        if let own = try? JupyterFlags(flags, backend: backend), own.decidesClassic(Jupyter.cookieSetting) {
            guard !flags.contains(where: { $0.contains(Jupyter.cookieKey) }) else { return }
            place = "the flag after --"
        } else if let file = classicFile(with: Jupyter.cookieSetting, on: host) {
            guard classicFile(with: Jupyter.cookieKey, on: host) == nil else { return }
            place = file
        } else {
            return
        }
        needs.notes.append(
            "the classic Notebook's cookie _xsrf is for the whole host, and other Jupyters there answer 403 because of it: "
                + "tornado_settings of \(place) is left as it is, and needs "
                + "\"\(Jupyter.cookieKey)\": {\"path\": \"\(backend.prefix.withTrailingSlash)\"}")
    }

    /// Tells kernels and terminals the prefix and the socket, and tells `%tensorboard` the path of its page.
    func tellKernels(in needs: inout LaunchNeeds, about backend: Backend, on host: HostFacts) {
        let prefix = backend.prefix.isRoot ? "" : backend.prefix.withoutTrailingSlash
        needs.environment.set("CRATER_PREFIX", to: prefix)
        if let socket = backend.socket { needs.environment.set("CRATER_SOCKET", to: socket) }
        // The user may have set the variable to an empty value, which also stays.
        guard host.package?.versions[Jupyter.proxyDistribution] != nil,
            host.variables["TENSORBOARD_PROXY_URL"] == nil
        else { return }
        needs.environment.set("TENSORBOARD_PROXY_URL", to: "\(prefix)/proxy/%PORT%/")
    }

    /// The first configuration file with this word that the classic Notebook reads.
    private func classicFile(with word: String, on host: HostFacts) -> String? {
        host.configuration[word]?.first { path in
            let name = FilePath.name(of: path)
            return !Jupyter.newerFiles.contains { name.hasPrefix("\($0).") }
        }
    }
}
