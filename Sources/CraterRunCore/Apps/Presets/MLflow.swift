/// MLflow's tracking server, as measured with 2.22.5 and 3.17.2.
package struct MLflow: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "mlflow", ruleNames: ["mlflow"], defaultPort: 5000)
    package static let title = "MLflow"
    package static let targetUsage = "[<store>]"
    package static let targetHelp =
        "The store of the runs, as for MLflow's --backend-store-uri, then words that are passed on to MLflow unchanged; "
        + "put flags after --. Default: MLflow's own store, in the working directory."
    package static let examples = [
        "crater-run mlflow", "crater-run mlflow sqlite:///mlflow.db", "crater-run mlflow ./mlruns -- --workers 4",
    ]

    package static let subcommands: Set<String> = ["server", "ui"]
    package static let ruleFlags = RuleFlags(
        port: ["--port", "-p"], address: ["--host", "-h"], prefix: ["--static-prefix"])

    /// The flags whose values are flags of MLflow's servers.
    private static let serverOptions = ["--uvicorn-opts", "--gunicorn-opts", "--waitress-opts"]
    /// The variables that stand for such flags, or for flags of Gunicorn. MLflow's own flags for the place go before
    /// them.
    private static let serverVariables = ["MLFLOW_UVICORN_OPTS", "MLFLOW_GUNICORN_OPTS", "GUNICORN_CMD_ARGS"]
    /// The servers' flags for a socket or TLS.
    private static let serverTransports: [FlagName] = [
        "--uds", "--fd", "--unix-socket", "--ssl-keyfile", "--ssl-certfile",
        FlagName("--certfile", shortest: "--certf"), FlagName("--keyfile", shortest: "--keyf"),
    ]
    /// The servers' flags for the address and the port.
    private static let serverPlaces: [FlagName] = [
        "--host", "--port", "--listen", "-b", FlagName("--bind", shortest: "--bi"),
    ]

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["mlflow"] }
    package var module: String? { "mlflow" }
    package var environment: EnvironmentEdits { uvicornEnvironment }
    package var transportVariables: [String] { uvicornTransports }
    package var prefixVariables: [String] { ["MLFLOW_STATIC_PREFIX", "_MLFLOW_STATIC_PREFIX"] }
    package var isViewer: Bool { true }
    package var serviceLinks: [String] { ["MLFLOW_PORT"] }
    package var readiness: ReadinessPolicy {
        // The page is checked, since only MLflow 3 has /health below the prefix. With `--app-name basic-auth`, the page
        // asks for a login.
        ReadinessPolicy(path: "/", alsoAccepts: [401, 403], interval: .seconds(10))
    }
    package var withoutLogin: String? {
        words.flags.given(["--app-name"]).isEmpty
            ? "has no login: whoever knows the path can see the runs, and change them" : nil
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try refuseServerOptions(for: backend)
        let flags = try MLflow.ruleFlags.rest(of: words.flags, for: backend)
        for name in MLflow.serverVariables {
            try refuse(MLflow.serverTransports, in: host.value(of: name), of: name, for: backend)
        }
        try UserFlags(words.all).refusePasswords(remedy: "MLFLOW_BACKEND_STORE_URI, MLFLOW_REGISTRY_STORE_URI")
        try Refusal.refuse(
            decoded: "<>{}", in: backend, of: identity, because: "takes these for the names of parameters")
        var own = ["server", "--host", backend.host, "--port", String(backend.port)]
        if !backend.prefix.isRoot { own += ["--static-prefix", backend.prefix.decoded] }
        // Each worker takes as much memory as a small training.
        if words.flags.given(["--workers", "-w"]).isEmpty { own += ["--workers", "2"] }
        if let store = words.targets.first { own += ["--backend-store-uri", store] }
        return own + words.targets.dropFirst() + flags.words + words.others
    }

    private func refuseServerOptions(for backend: Backend) throws(Refusal) {
        let given = words.flags.words
        // A value is the next word, even if it begins with dashes.
        for (word, next) in zip(given, given.dropFirst() + [""]) {
            guard let option = MLflow.serverOptions.first(where: { word == $0 || word.hasPrefix("\($0)=") }) else {
                continue
            }
            let text = word == option ? next : String(word.dropFirst(option.count + 1))
            try refuse(MLflow.serverTransports + MLflow.serverPlaces, in: text, of: option, for: backend)
        }
    }

    /// Refuses any of `names` among the words of a text.
    private func refuse(
        _ names: [FlagName], in text: String?, of place: String, for backend: Backend
    ) throws(Refusal) {
        let words = (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        guard let flag = UserFlags(words).given(names).first?.flag else { return }
        throw Refusal(unreachable: "\(flag) in \(place)", for: backend)
    }

    package func needs(for place: ServingPlace, on host: HostFacts) -> LaunchNeeds {
        // MLflow 2 ignores these variables. A variable that the user has set stays, and flags take precedence.
        var wanted = [
            "MLFLOW_ALLOW_FILE_STORE": "true",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            // Otherwise MLflow reports each start to its makers.
            "MLFLOW_DISABLE_TELEMETRY": "true",
        ]
        var needs = LaunchNeeds()
        needs.guardRestartedPython(on: host)
        if let name = place.outside.publicHost {
            // The training and crater-run reach MLflow by these names, from inside of the Pod.
            let local = ["localhost", "localhost:*", "127.0.0.1", "127.0.0.1:*"]
            wanted["MLFLOW_SERVER_ALLOWED_HOSTS"] = ([name, "\(name):*"] + local).joined(separator: ",")
            wanted["MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"] = "https://\(name)"
        } else if words.flags.given(["--allowed-hosts", "--cors-allowed-origins"]).isEmpty {
            // Otherwise MLflow 3 answers 403 to every browser.
            wanted["MLFLOW_SERVER_ALLOWED_HOSTS"] = "*"
            wanted["MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"] = "*"
        }
        for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
            needs.environment.setUnlessGiven(name, to: value)
        }
        return needs
    }
}
