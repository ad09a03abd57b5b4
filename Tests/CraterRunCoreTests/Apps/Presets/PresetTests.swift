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

    static func host(_ variables: [String: String] = [:], hasData: Bool = true) -> HostFacts {
        HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/app"), temporaryDirectory: .usable,
            hasDataDirectory: hasData, variables: variables)
    }

    static func plan(
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

    /// Else the log, `ps` and the doctor would show two apps under one name.
    @Test func namesAndRulesAreDistinct() {
        let names = AppIdentity.all.flatMap(\.ruleNames)
        #expect(Set(names).count == names.count)
    }
}
