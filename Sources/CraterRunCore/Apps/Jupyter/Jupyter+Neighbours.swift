/// What keeps a Jupyter from disturbing other jobs on the same host, and what its kernels are told of its place.
extension Jupyter {
    /// The distribution whose proxy serves what listens inside of the container.
    static let proxyDistribution = "jupyter_server_proxy"

    private static let cookieSetting = "tornado_settings"
    private static let cookieKey = "xsrf_cookie_kwargs"

    package var configuration: ConfigurationQuestion? {
        let names = ["jupyter_notebook_config", "jupyter_config"]
        return ConfigurationQuestion(
            directoryVariable: "JUPYTER_CONFIG_DIR", pathVariable: "JUPYTER_CONFIG_PATH", name: "jupyter",
            files: names.flatMap { ["\($0).py", "\($0).json"] },
            words: [Jupyter.cookieSetting, Jupyter.cookieKey, "NotebookApp"])
    }

    /// Whether crater-run has to say where the cookie `_xsrf` belongs. The classic Notebook has it for the whole host, and
    /// it replaces the cookie of every other Jupyter there: their requests are refused from then on. The others keep it
    /// below their prefix. The setting as a flag would replace the user's own.
    func setsCookiePath(for backend: Backend, given: JupyterFlags, on host: HostFacts) -> Bool {
        isClassic(host) && !backend.prefix.isRoot && !given.decided.contains(Jupyter.cookieSetting)
            && host.configuration[Jupyter.cookieSetting] == nil
    }

    /// Tells the user who has the setting already what it lacks.
    func tellAboutCookiePath(in needs: inout LaunchNeeds, for backend: Backend, on host: HostFacts) {
        guard isClassic(host), !backend.prefix.isRoot else { return }
        let place: String
        if let own = try? JupyterFlags(flags, backend: backend), own.decided.contains(Jupyter.cookieSetting) {
            guard !flags.contains(where: { $0.contains(Jupyter.cookieKey) }) else { return }
            place = "the flag after --"
        } else if let file = host.configuration[Jupyter.cookieSetting] {
            guard host.configuration[Jupyter.cookieKey] == nil else { return }
            place = file
        } else {
            return
        }
        needs.notes.append(
            "the classic Notebook's cookie _xsrf is for the whole host, and other Jupyters there answer 403 because of it: "
                + "tornado_settings of \(place) is left as it is, and needs "
                + "\"\(Jupyter.cookieKey)\": {\"path\": \"\(backend.prefix.withTrailingSlash)\"}")
    }

    /// Kernels and terminals learn where they are served, and `%tensorboard` where its page is.
    func tellKernels(in needs: inout LaunchNeeds, about backend: Backend, on host: HostFacts) {
        let prefix = backend.prefix.isRoot ? "" : backend.prefix.withoutTrailingSlash
        needs.environment.set("CRATER_PREFIX", to: prefix)
        // Even an empty value is the user's.
        guard host.package?.versions[Jupyter.proxyDistribution] != nil,
            host.variables["TENSORBOARD_PROXY_URL"] == nil
        else { return }
        needs.environment.set("TENSORBOARD_PROXY_URL", to: "\(prefix)/proxy/%PORT%/")
    }

    private func isClassic(_ host: HostFacts) -> Bool {
        host.program.script.flatMap { JupyterProgram(script: $0.text, name: $0.path) } == .classic
    }
}
