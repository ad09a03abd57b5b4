import CraterRunCore
import Testing

/// The command lines of the apps that are known by name, beside marimo.
struct PresetTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let app: any SimpleApp.Type
        let words: [String]
        /// The command's words after the program, below /ingress/x on port 7000.
        let command: String
        /// The same at the root.
        let atRoot: String
        var page = ""
        var readiness: String
        var variables: [String: String] = [:]
        var isViewer = false

        var testDescription: String { "\(app.identity.name) \(words)" }
    }

    private static let viewer = ["CUDA_VISIBLE_DEVICES": "", "PYTHONSAFEPATH": "1"]
    private static let uvicorn = viewer.merging(["UVICORN_APP_DIR": "/nonexistent"]) { first, _ in first }
    private static let mlflow = uvicorn.merging([
        "MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ALLOWED_HOSTS": "*", "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS": "*",
    ]) { first, _ in first }
    private static let streamlit = "--server.headless true --browser.gatherUsageStats false"

    static let cases = [
        Case(
            app: Streamlit.self, words: ["my app.py", "--theme.base", "dark"],
            command: "run 'my app.py' --server.port 7000 --server.address 0.0.0.0 --server.baseUrlPath /ingress/x "
                + "\(streamlit) --theme.base dark",
            atRoot: "run 'my app.py' --server.port 7000 --server.address 0.0.0.0 \(streamlit) --theme.base dark",
            readiness: "/_stcore/health"),
        Case(
            app: Streamlit.self, words: ["--", "--own"],
            command: "run app.py --server.port 7000 --server.address 0.0.0.0 --server.baseUrlPath /ingress/x "
                + "\(streamlit) -- --own",
            atRoot: "run app.py --server.port 7000 --server.address 0.0.0.0 \(streamlit) -- --own",
            readiness: "/_stcore/health"),
        Case(
            app: Gradio.self, words: ["a.py", "--port", "1"], command: "a.py --port 1", atRoot: "a.py --port 1",
            readiness: "/config",
            variables: [
                "PYTHONUNBUFFERED": "1", "GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": "7000",
                "GRADIO_NUM_PORTS": "1", "GRADIO_ROOT_PATH": "/ingress/x",
            ]),
        Case(
            app: Dash.self, words: [], command: "app.py", atRoot: "app.py", readiness: "/_reload-hash",
            variables: [
                "PYTHONUNBUFFERED": "1", "HOST": "0.0.0.0", "PORT": "7000", "DASH_URL_BASE_PATHNAME": "/ingress/x/",
            ]),
        Case(
            app: MLflow.self, words: [],
            command: "server --host 0.0.0.0 --port 7000 --static-prefix /ingress/x --workers 2",
            atRoot: "server --host 0.0.0.0 --port 7000 --workers 2", readiness: "/", variables: mlflow, isViewer: true),
        Case(
            app: MLflow.self, words: ["./mlruns", "--workers", "4"],
            command: "server --host 0.0.0.0 --port 7000 --static-prefix /ingress/x --backend-store-uri ./mlruns "
                + "--workers 4",
            atRoot: "server --host 0.0.0.0 --port 7000 --backend-store-uri ./mlruns --workers 4", readiness: "/",
            variables: mlflow, isViewer: true),
        Case(
            app: Voila.self, words: ["a.ipynb"],
            command:
                "--no-browser --base_url=/ingress/x/ --Voila.ip=0.0.0.0 --port=7000 --Voila.port_retries=0 a.ipynb",
            atRoot: "--no-browser --base_url=/ --Voila.ip=0.0.0.0 --port=7000 --Voila.port_retries=0 a.ipynb",
            readiness: "/voila/static/voila.js"),
        Case(
            app: Bokeh.self, words: ["apps/my app.py", "--args", "x"],
            command: "serve --port 7000 --address 0.0.0.0 --prefix /ingress/x 'apps/my app.py' --args x",
            atRoot: "serve --port 7000 --address 0.0.0.0 'apps/my app.py' --args x", page: "/my%20app",
            readiness: "/"),
        Case(
            app: Bokeh.self, words: ["--dev"],
            command: "serve --port 7000 --address 0.0.0.0 --prefix /ingress/x app.py --dev",
            atRoot: "serve --port 7000 --address 0.0.0.0 app.py --dev", page: "/app", readiness: "/"),
        Case(
            app: Panel.self, words: ["a.py", "b.ipynb"],
            command: "serve --port 7000 --address 0.0.0.0 --prefix /ingress/x a.py b.ipynb",
            atRoot: "serve --port 7000 --address 0.0.0.0 a.py b.ipynb", readiness: "/",
            variables: ["PANEL_COOKIE_PATH": "/ingress/x/"]),
        Case(
            app: VisualDL.self, words: ["--logdir", "a", "--theme", "dark"],
            command: "--host 0.0.0.0 --port 7000 --public-path /ingress/x --disable-telemetry --logdir a --theme dark",
            atRoot: "--host 0.0.0.0 --port 7000 --disable-telemetry --logdir a --theme dark", readiness: "/",
            variables: viewer, isViewer: true),
        Case(
            app: VisualDL.self, words: [],
            command: "--host 0.0.0.0 --port 7000 --public-path /ingress/x --logdir ./logs --disable-telemetry",
            atRoot: "--host 0.0.0.0 --port 7000 --logdir ./logs --disable-telemetry", readiness: "/",
            variables: viewer, isViewer: true),
        Case(
            app: Aim.self, words: ["runs", "--read-only"],
            command: "up --host 0.0.0.0 --port 7000 --base-path /ingress/x --repo runs --read-only",
            atRoot: "up --host 0.0.0.0 --port 7000 --repo runs --read-only", readiness: "/api/projects/",
            variables: uvicorn, isViewer: true),
        Case(
            app: Datasette.self, words: ["a.db", "b.db", "--setting", "default_page_size", "5"],
            command: "serve --host 0.0.0.0 --port 7000 --setting base_url /ingress/x/ a.db b.db --setting "
                + "default_page_size 5",
            atRoot: "serve --host 0.0.0.0 --port 7000 --setting base_url / a.db b.db --setting default_page_size 5",
            readiness: "/-/versions.json", variables: viewer, isViewer: true),
        Case(
            app: Datasette.self, words: [],
            command: "serve --host 0.0.0.0 --port 7000 --setting base_url /ingress/x/ .",
            atRoot: "serve --host 0.0.0.0 --port 7000 --setting base_url / .", readiness: "/-/versions.json",
            variables: viewer, isViewer: true),
    ]

    private static func host(_ variables: [String: String] = [:], hasData: Bool = true) -> HostFacts {
        HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/app"), temporaryDirectory: .usable,
            hasDataDirectory: hasData, variables: variables)
    }

    private static func plan(
        _ app: any SimpleApp, prefix: String = "/ingress/x/", publicHost: String? = nil, on host: HostFacts = host()
    ) throws -> LaunchPlan {
        let rule = IngressRule(name: "r", port: 7000, prefix: PathPrefix(known: prefix), publicHost: publicHost)
        return try app.plan(for: ServingPlace(direct: rule), on: host, instance: "1f/x")
    }

    @Test(arguments: cases)
    func isToldItsPlace(_ expected: Case) throws {
        let app = expected.app.init(words: expected.words)
        let plan = try Self.plan(app)
        #expect(ShellQuoting.quote(Array(plan.arguments.dropFirst())) == expected.command)
        #expect(plan.readinessPath == "/ingress/x\(expected.readiness)")
        let variables = plan.environment.assignments.filter { $0.name != "CRATER_RUN_INSTANCE" }
        #expect(Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.value) }) == expected.variables)
        #expect(plan.page.text.contains("access URL:   /ingress/x\(expected.page.isEmpty ? "/" : expected.page)\n"))
        #expect(app.isViewer == expected.isViewer)
        #expect(app.withoutLogin?.hasPrefix("has no login") == true)
        #expect(app.misuse == nil)
    }

    @Test(arguments: cases)
    func isServedAtTheRoot(_ expected: Case) throws {
        let plan = try Self.plan(expected.app.init(words: expected.words), prefix: "/")
        #expect(ShellQuoting.quote(Array(plan.arguments.dropFirst())) == expected.atRoot)
        #expect(!plan.environment.assignments.contains { $0.name == "GRADIO_ROOT_PATH" })
    }

    private static let contradictions: [(any SimpleApp.Type, [[String]])] = [
        (
            Streamlit.self,
            [
                ["--server.port", "1"], ["--server.address=127.0.0.1"], ["--server.baseUrlPath", "y"],
                ["--server.cookieSecret", "geheim"],
            ]
        ),
        (
            MLflow.self,
            [
                ["--port", "1"], ["-p", "1"], ["-p1"], ["-h", "127.0.0.1"], ["--host=127.0.0.1"],
                ["--static-prefix=/y"], ["postgresql://u:geheim@db/x"],
                ["--registry-store-uri", "mysql+pymysql://u:geheim@db"],
                ["--backend-store-uri=postgresql://u:geheim@db/x"], ["postgresql://u:p/geheim@db/x"],
                ["postgresql://u:1/geheim@db/x"], ["postgresql://:geheim@db/x"],
                ["postgresql://db/x?user=u&password=geheim"], ["mysql://db/x?sslPassword=geheim"],
            ]
        ),
        (
            Voila.self,
            [
                ["--port=1"], ["--Voila.port=1"], ["--ip=x"], ["--Voila.ip=127.0.0.1"], ["--base_url=/y"],
                ["--Voila.root_url=/y"], ["--token=geheim"], ["--Voila.cookie_secret=geheim"],
            ]
        ),
        (
            Bokeh.self,
            [
                ["--port", "1"], ["--por=1"], ["--addr", "x"], ["--prefix", "/y"], ["--cookie-secret", "geheim"],
                ["--co", "geheim"], ["--cook=geheim"],
            ]
        ),
        (
            Panel.self,
            [
                ["--port", "1"], ["--address=x"], ["--pref=/y"], ["--basic-auth", "geheim"], ["--oauth-secret=geheim"],
                ["--oauth-encryption-key", "geheim"], ["--cookie-secret=geheim"],
            ]
        ),
        (
            VisualDL.self,
            [["--port", "1"], ["-p", "1"], ["-t", "x"], ["--host=x"], ["--public-path", "/y"], ["--api-only"]]
        ),
        (Aim.self, [["--port", "1"], ["-p1"], ["-h", "x"], ["--base-path=/y"]]),
        (
            Datasette.self,
            [["--port", "1"], ["-p", "1"], ["-h", "x"], ["--setting", "base_url", "/y/"], ["--secret", "geheim"]]
        ),
    ]

    @Test(arguments: contradictions.flatMap { app, all in all.map { (app, $0) } })
    func refusesWhatContradictsTheRuleOrShowsASecret(app: any SimpleApp.Type, flags: [String]) throws {
        let error = try #require(throws: Refusal.self) { try Self.plan(app.init(words: flags)) }
        #expect(!error.reason.contains("geheim"))
        #expect(error.reason.contains("leave it out"))
    }

    /// crater-run gives these flags itself, in the form that the app takes: the user's would come last, and win.
    @Test(
        arguments: [
            (MLflow.self, ["--port", "7000", "--host", "0.0.0.0", "--static-prefix", "/ingress/x/"]),
            (MLflow.self, ["-p7000", "-h", "0.0.0.0"]), (Marimo.self, ["-p", "7000", "--base-url", "ingress/x"]),
            (
                Streamlit.self,
                ["--server.port=7000", "--server.address", "0.0.0.0", "--server.baseUrlPath", "ingress/x/"]
            ),
            (Voila.self, ["--port=7000", "--Voila.ip=0.0.0.0", "--base_url=/ingress/x"]),
            (Bokeh.self, ["--po", "7000", "--address=0.0.0.0", "--prefix", "ingress/x"]),
            (Panel.self, ["--port=7000", "--pre=/ingress/x/"]), (VisualDL.self, ["-p", "7000", "-t", "0.0.0.0"]),
            (Aim.self, ["-p7000", "--base-path=/ingress/x/"]),
            (Datasette.self, ["-p", "7000", "--setting", "base_url", "/ingress/x"]),
        ] as [(any SimpleApp.Type, [String])])
    func leavesOutWhatAgreesWithTheRule(app: any SimpleApp.Type, flags: [String]) throws {
        let given = try Self.plan(app.init(words: flags + ["--own", "1"]))
        #expect(given.arguments == (try Self.plan(app.init(words: ["--own", "1"])).arguments))
    }

    /// The words of a script are not the app's, whatever they are.
    @Test(
        arguments: [
            (Streamlit.self, ["a.py", "--", "--server.port", "1"]), (Bokeh.self, ["a.py", "--args", "--port", "1"]),
            (Marimo.self, ["a.py", "--", "--port", "7000"]), (Gradio.self, ["a.py", "--port", "1"]),
        ] as [(any SimpleApp.Type, [String])])
    func leavesTheWordsOfAScriptAlone(app: any SimpleApp.Type, words: [String]) throws {
        #expect(try Self.plan(app.init(words: words)).arguments.suffix(words.count - 1) == words.dropFirst()[...])
    }

    /// As people copy it from the app's own command line.
    @Test(
        arguments: [
            (MLflow.self, "ui", []), (MLflow.self, "server", ["sqlite:///a.db", "--workers", "1"]),
            (Streamlit.self, "run", ["app.py"]), (Bokeh.self, "serve", ["a.py"]),
            (Panel.self, "serve", ["a.py", "b.py"]),
            (Datasette.self, "serve", ["a.db"]), (Aim.self, "up", []),
        ] as [(any SimpleApp.Type, String, [String])])
    func understandsTheAppsOwnSubcommand(app: any SimpleApp.Type, subcommand: String, words: [String]) throws {
        let given = app.init(words: [subcommand] + words)
        #expect(try Self.plan(given).arguments == Self.plan(app.init(words: words)).arguments)
        #expect(given.dataDirectory == app.init(words: words).dataDirectory)
    }

    @Test func takesServiceLinksOut() throws {
        let links = ["MLFLOW_PORT": "tcp://10.0.0.1:5000", "STREAMLIT_SERVER_PORT": "tcp://10.0.0.1:8501"]
        #expect(try Self.plan(MLflow(), on: Self.host(links)).environment.removals == ["MLFLOW_PORT"])
        #expect(try Self.plan(Streamlit(), on: Self.host(links)).environment.removals == ["STREAMLIT_SERVER_PORT"])
    }

    @Test func letsMLflowKnowItsHost() throws {
        func value(_ name: String, _ plan: LaunchPlan) -> String? {
            plan.environment.assignments.first { $0.name == name }?.value
        }
        let plan = try Self.plan(MLflow(), publicHost: "crater.example")
        #expect(
            value("MLFLOW_SERVER_ALLOWED_HOSTS", plan)
                == "crater.example,crater.example:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*")
        #expect(value("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", plan) == "https://crater.example")
        // What the user says stays.
        let flags = try Self.plan(MLflow(words: ["--allowed-hosts", "x"]))
        #expect(value("MLFLOW_SERVER_ALLOWED_HOSTS", flags) == nil)
        let own = try Self.plan(MLflow(), on: Self.host(["MLFLOW_SERVER_ALLOWED_HOSTS": "x"]))
        #expect(value("MLFLOW_SERVER_ALLOWED_HOSTS", own) == nil)
    }

    /// With the prefix twice in its links, nothing could be sorted.
    @Test func takesThePrefixOffWhatDatasetteIsAskedFor() throws {
        let host = HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/datasette"), temporaryDirectory: .usable,
            variables: ["PYTHONPATH": "/own"], privateDirectory: "/run/crater-run/1f/datasette")
        let plan = try Self.plan(Datasette(words: ["a.db"]), on: host)
        let folder = "/run/crater-run/1f/datasette/python"
        #expect(plan.environment.assignments.contains { $0.name == "PYTHONPATH" && $0.value == "\(folder):/own" })
        #expect(
            plan.preparations.map(\.description) == [
                "file \(folder)/crater_run_prefix.py", "file \(folder)/crater_run_prefix-1.dist-info/METADATA",
                "file \(folder)/crater_run_prefix-1.dist-info/entry_points.txt",
            ])
        #expect(try Self.plan(Datasette(words: ["a.db"]), prefix: "/", on: host).preparations == [])
        #expect(try Self.plan(Datasette(words: ["a.db"])).notes.count == 1)
    }

    /// The user's own path stays: Panel refuses the variable beside the flag.
    @Test(
        arguments: [
            (["a.py"], [:], "/ingress/x/", "/ingress/x/"), (["a.py"], [:], "/", nil), (["a.py"], [:], "/a;b/", nil),
            (["a.py", "--cookie-path", "/y"], [:], "/ingress/x/", nil),
            (["a.py", "--cookie-p=/y"], [:], "/ingress/x/", nil),
            (["a.py"], ["PANEL_COOKIE_PATH": "/y"], "/ingress/x/", nil),
            (["a.py"], ["PANEL_COOKIE_PATH": ""], "/ingress/x/", "/ingress/x/"),
        ] as [([String], [String: String], String, String?)])
    func keepsPanelsCookiesBelowThePrefix(
        words: [String], variables: [String: String], prefix: String, path: String?
    ) throws {
        let plan = try Self.plan(Panel(words: words), prefix: prefix, on: Self.host(variables))
        #expect(plan.environment.assignments.first { $0.name == "PANEL_COOKIE_PATH" }?.value == path)
    }

    /// Dash 3 and later would listen at 127.0.0.1 in a conda environment, whatever HOST says.
    @Test(
        arguments: [("3.0.0", true), ("4.4.1", true), (nil, true), ("2.18.2", false), ("1.21.0", false)]
            as [(String?, Bool)])
    func listensAtAllAddressesInConda(version: String?, removes: Bool) throws {
        var host = Self.host(["CONDA_PREFIX": "/opt/conda", "HOST": "x86_64-conda-linux-gnu"])
        host.package = version.map { PythonPackage(directory: "/lib/dash", versions: ["dash": $0]) }
        let plan = try Self.plan(Dash(), on: host)
        #expect(plan.environment.removals.contains("CONDA_PREFIX") == removes)
        #expect(plan.notes.contains { $0.contains("CONDA_PREFIX is removed from the environment of dash") } == removes)
        #expect(plan.environment.assignments.contains { $0.name == "HOST" && $0.value == "0.0.0.0" })
        host.variables = [:]
        // The facts have no values that are no text, but Dash has.
        #expect(try Self.plan(Dash(), on: host).notes == [])
        #expect(try Self.plan(Dash(), on: host).environment.removals.contains("CONDA_PREFIX") == removes)
    }

    @Test func saysWhatIsMissing() throws {
        func notes(_ app: any SimpleApp) throws -> [String] { try Self.plan(app, on: Self.host(hasData: false)).notes }
        #expect(
            try notes(Streamlit()) == ["the file app.py is not there (yet): streamlit does not start until it is"])
        #expect(
            try notes(VisualDL()) == ["the directory ./logs is not there (yet): visualdl shows nothing until it is"])
        #expect(try notes(Aim(words: ["runs"])).first?.contains("runs/.aim is not there (yet)") == true)
        #expect(VisualDL(words: ["--logdir=hdfs://a/b"]).dataDirectory == nil)
        #expect(Aim(words: ["--repo", "aim://a"]).dataDirectory == nil)
    }

    @Test(arguments: [["a.py"], ["a.py", "--auth-module=b.py"], ["a.py", "--auth-mod", "b.py"]])
    func saysThatThereIsNoLoginWhereThereIsNone(words: [String]) {
        #expect((Bokeh(words: words).withoutLogin == nil) == (words.count > 1))
        #expect((Panel(words: words).withoutLogin == nil) == (words.count > 1))
    }

    @Test func aVariableGivesPanelALogin() {
        for name in ["PANEL_BASIC_AUTH", "PANEL_OAUTH_PROVIDER"] {
            #expect(Panel().withoutLogin { $0 == name ? "x" : nil } == nil)
            #expect(Panel().withoutLogin { $0 == name ? "" : nil } != nil)
            #expect(Bokeh().withoutLogin { $0 == name ? "x" : nil } != nil)
        }
    }

    @Test(arguments: [
        ("a/b.py", "/b"), ("a.b.py", "/a.b"), ("dir", "/dir"), ("dir/", "/dir"), (".", ""), ("..", ""),
    ])
    func opensAPageByItsFile(file: String, page: String) {
        #expect(Bokeh(words: [file]).page == page)
    }

    /// Else the log, `ps` and the doctor would show two apps under one name.
    @Test func namesAndRulesAreDistinct() {
        let names = AppIdentity.all.flatMap(\.ruleNames)
        #expect(Set(names).count == names.count)
    }
}
