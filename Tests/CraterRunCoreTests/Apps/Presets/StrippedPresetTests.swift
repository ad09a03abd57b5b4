import CraterRunCore
import Testing

/// The apps that know no prefix: they serve at the root, behind a front door that takes the prefix off.
struct StrippedPresetTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let app: any SimpleApp.Type
        var words: [String] = []
        /// The command's words after the program, behind the door, at port 41233.
        let command: String
        let readiness: String
        var variables: [String: String] = [:]
        var isViewer = false

        var testDescription: String { "\(app.identity.name) \(words)" }
    }

    private static let viewer = ["CUDA_VISIBLE_DEVICES": "", "PYTHONSAFEPATH": "1"]
    private static let ray =
        "start --head --block --dashboard-host 127.0.0.1 --dashboard-port 41233 --disable-usage-stats"

    private static let cases = [
        Case(
            app: Netron.self, words: ["my model.onnx", "--verbosity", "debug"],
            command: "--host 127.0.0.1 --port 41233 'my model.onnx' --verbosity debug", readiness: "/",
            variables: viewer, isViewer: true),
        Case(
            app: Netron.self, command: "--host 127.0.0.1 --port 41233", readiness: "/", variables: viewer,
            isViewer: true),
        Case(app: Ray.self, words: ["--num-cpus", "8"], command: "\(ray) --num-cpus 8", readiness: "/api/gcs_healthz"),
        // Ray's own port.
        Case(app: Ray.self, words: ["--port", "6380"], command: "\(ray) --port 6380", readiness: "/api/gcs_healthz"),
        Case(
            app: Ray.self, words: ["--include-dashboard", "true"], command: "\(ray) --include-dashboard true",
            readiness: "/api/gcs_healthz"),
        Case(
            app: Dask.self, words: ["--port", "8786", "--host", "127.0.0.1"],
            command: "scheduler --dashboard-address 127.0.0.1:41233 --port 8786 --host 127.0.0.1",
            readiness: "/health"),
        Case(
            app: CodeServer.self, words: ["my work", "--auth", "none"],
            command: "--bind-addr 127.0.0.1:41233 --disable-telemetry 'my work' --auth none", readiness: "/healthz"),
    ]

    private static func host(_ variables: [String: String] = [:], package: PythonPackage? = nil) -> HostFacts {
        HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/app"), temporaryDirectory: .usable, variables: variables,
            package: package)
    }

    private static func plan(
        _ app: any SimpleApp, strips: Bool = true, prefix: String = "/ingress/x/", on host: HostFacts = host()
    ) throws -> LaunchPlan {
        let rule = IngressRule(name: "r", port: 7000, prefix: PathPrefix(known: prefix))
        return try app.plan(
            for: ServingPlace(rule, behindDoorAt: .port(41_233), strips: strips), on: host, instance: "1f/x")
    }

    private static func variables(_ plan: LaunchPlan) -> [String: String] {
        let others = plan.environment.assignments.filter { $0.name != LaunchMarker.variable }
        return Dictionary(uniqueKeysWithValues: others.map { ($0.name, $0.value) })
    }

    @Test(arguments: cases)
    func isToldItsPlace(_ expected: Case) throws {
        let app = expected.app.init(words: expected.words)
        let plan = try Self.plan(app)
        #expect(ShellQuoting.quote(Array(plan.arguments.dropFirst())) == expected.command)
        #expect(plan.readinessURL == "http://127.0.0.1:41233\(expected.readiness)")
        #expect(Self.variables(plan) == expected.variables)
        #expect(app.isViewer == expected.isViewer)
        #expect(!app.knowsPrefix && !app.writesOutsidePrefix && app.misuse == nil)
        #expect(plan.stopSignal == .terminate)
        // At the root of a host of its own, nothing need be in front of the app.
        let rule = IngressRule(name: "r", port: 7000, prefix: .root)
        let direct = try app.plan(for: ServingPlace(direct: rule), on: Self.host(), instance: "1f/x")
        let words = expected.command.replacing("127.0.0.1:41233", with: "0.0.0.0:7000")
            .replacing("host 127.0.0.1 --port 41233", with: "host 0.0.0.0 --port 7000")
            .replacing("host 127.0.0.1 --dashboard-port 41233", with: "host 0.0.0.0 --dashboard-port 7000")
        #expect(ShellQuoting.quote(Array(direct.arguments.dropFirst())) == words)
    }

    /// All the other apps can be told their prefix.
    @Test func onlyTheseKnowNoPrefix() {
        let names = SimpleApps.all.filter { !$0.init(words: []).knowsPrefix }.map { $0.identity.name }
        #expect(names == ["netron", "hiplot", "ray", "dask", "code-server"])
        #expect(TensorBoard().knowsPrefix && Jupyter().knowsPrefix && Visdom().knowsPrefix)
        #expect(CustomApp(name: "x", command: ["a"]).knowsPrefix)
    }

    @Test(
        arguments: [
            (Netron.self, ["--port", "1"]), (Netron.self, ["-p", "1"]), (Netron.self, ["--ho", "10.0.0.1"]),
            (Netron.self, ["--p=1"]), (HiPlot.self, ["--po", "1"]), (HiPlot.self, ["--host=10.0.0.1"]),
            (HiPlot.self, ["--dev"]), (HiPlot.self, ["--de"]), (Ray.self, ["--dashboard-port=8265"]),
            (Ray.self, ["--dashboard-host", "10.0.0.1"]), (Ray.self, ["--address", "10.0.0.1:6379"]),
            (Ray.self, ["--include-dashboard=false"]), (Ray.self, ["--include-dashboard", "0"]),
            (Dask.self, ["--dashboard-address", ":8787"]), (Dask.self, ["--dashboard-address"]),
            (Dask.self, ["--dashboard-prefix", "/y"]), (Dask.self, ["--no-dashboard"]),
            (CodeServer.self, ["--bind-addr", "0.0.0.0:8080"]), (CodeServer.self, ["--port=1"]),
            (CodeServer.self, ["--host", "10.0.0.1"]), (CodeServer.self, ["--password", "geheim"]),
            (CodeServer.self, ["--hashed-password=geheim"]), (CodeServer.self, ["--github-auth", "geheim"]),
            (CodeServer.self, ["--socket", "s"]), (CodeServer.self, ["--cert"]), (CodeServer.self, ["--cert-key=k"]),
        ] as [(any SimpleApp.Type, [String])])
    func refusesWhatContradictsTheDoorOrShowsASecret(app: any SimpleApp.Type, flags: [String]) throws {
        let error = try #require(throws: Refusal.self) { try Self.plan(app.init(words: flags)) }
        #expect(!error.reason.contains("geheim"))
        #expect(error.reason.contains("leave it out"), "\(error.reason)")
    }

    @Test(
        arguments: [
            (Netron.self, ["-p", "41233", "--host", "0.0.0.0"]), (HiPlot.self, ["--port=41233", "--ho", "127.0.0.1"]),
            (Ray.self, ["--dashboard-port", "41233", "--dashboard-host=localhost"]),
            (Dask.self, ["--dashboard-address", ":41233"]), (Dask.self, ["--dashboard-address=127.0.0.1:41233"]),
            (Dask.self, ["--dashboard-address", "41233", "--dashboard-prefix", "/"]),
            (CodeServer.self, ["--bind-addr", "127.0.0.1:41233", "--port", "41233"]),
        ] as [(any SimpleApp.Type, [String])])
    func leavesOutWhatAgrees(app: any SimpleApp.Type, flags: [String]) throws {
        let given = try Self.plan(app.init(words: flags + ["--own", "1"]))
        #expect(given.arguments == (try Self.plan(app.init(words: ["--own", "1"])).arguments))
    }

    @Test(
        arguments: [(Ray.self, "start", ["--num-cpus", "1"]), (Dask.self, "scheduler", ["--port", "1"])]
            as [(any SimpleApp.Type, String, [String])])
    func understandsTheAppsOwnSubcommand(app: any SimpleApp.Type, subcommand: String, words: [String]) throws {
        let given = try Self.plan(app.init(words: [subcommand] + words))
        #expect(given.arguments == (try Self.plan(app.init(words: words)).arguments))
    }

    // MARK: HiPlot

    @Test func hiPlotIsStartedByCodeThatMendsItsPage() throws {
        let host = HostFacts(
            hasIPv6: true, program: .interpreter(python: "/opt/python"), temporaryDirectory: .usable)
        let words = try Self.plan(HiPlot(words: ["my.fetcher", "--version"]), on: host).arguments
        #expect(words.prefix(2) == ["/opt/python", "-c"])
        #expect(words.dropFirst(3) == ["--host", "127.0.0.1", "--port", "41233", "my.fetcher", "--version"])
        // As Python reads it, and then the browser.
        #expect(words[2].contains(#"replace(/^\\/data\\?/,'data?')"#))
        #expect(words[2].hasSuffix(";s.run_server_main()") && !words[2].contains("\n"))
    }

    /// Fetchers are the user's own code, which a GPU and the working directory stay visible to.
    @Test func hiPlotWithFetchersIsNoMereViewer() throws {
        #expect(HiPlot(words: []).isViewer && !HiPlot(words: ["my.fetcher"]).isViewer)
        #expect(Self.variables(try Self.plan(HiPlot(words: []))) == Self.viewer)
        #expect(Self.variables(try Self.plan(HiPlot(words: ["my.fetcher"]))) == [:])
    }

    // MARK: Ray

    /// Ray ends if its dashboard's port is one of its workers'.
    @Test(arguments: [(10_001, false), (10_002, true), (19_999, true), (20_000, false)] as [(UInt16, Bool)])
    func raysWorkersLeaveTheDashboardItsPort(port: UInt16, moves: Bool) throws {
        func words(_ flags: [String]) throws -> [String] {
            let backend = Backend(ruleName: "r", port: port, prefix: .root, isBehindDoor: true)
            return try Ray(words: flags).arguments(for: backend, on: Self.host())
        }
        #expect(try words([]).contains("--min-worker-port") == moves)
        #expect(try words(["--worker-port-list", "7001"]).suffix(2) == ["--worker-port-list", "7001"])
        #expect(try !words(["--worker-port-list", "7001"]).contains("--min-worker-port"))
    }

    @Test func raysOwnPortsComeFirst() {
        let (early, late) = (Listener(port: 6379, isLoopback: false, inode: 1, uid: 0), Ray().earlyPorts)
        #expect(late.has(early, before: 41_233))
        #expect(!EarlyPorts.above.has(early, before: 41_233) && !EarlyPorts.loopback.has(early, before: 41_233))
    }

    // MARK: Dask

    @Test func daskWithoutBokehHasNoDashboard() throws {
        func lack(_ versions: [String: String]) throws -> AppLack? {
            let package = PythonPackage(directory: "/lib/distributed", versions: versions)
            return try Self.plan(Dask(), on: Self.host(package: package)).lack
        }
        #expect(try lack([:])?.remedy == "pip install bokeh")
        #expect(try lack(["bokeh": "3.9.2"]) == nil)
        #expect(try Self.plan(Dask()).lack == nil, "nothing is known")
    }

    @Test func daskWithJupyterRunsCode() {
        #expect(Dask(words: ["--jupyter"]).withoutLogin?.contains("run code") == true)
        #expect(Dask(words: []).withoutLogin?.contains("run code") == false)
    }

    @Test func daskSpeaksPlainHTTP() throws {
        let name = "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__TLS__CERT"
        #expect(try Self.plan(Dask(), on: Self.host([name: "c.pem"])).environment.removals == [name])
    }

    // MARK: code-server

    /// These take precedence over the flag for the address, or have code-server end.
    @Test func codeServersVariablesDoNotMoveIt() throws {
        let names = ["PORT", "CODE_SERVER_HOST", "VSCODE_IPC_HOOK_CLI"]
        let plan = try Self.plan(CodeServer(), on: Self.host(Dictionary(uniqueKeysWithValues: names.map { ($0, "1") })))
        #expect(plan.environment.removals == names)
        // It asks for the password of these variables, or of its file.
        #expect(
            try !Self.plan(CodeServer(), on: Self.host(["PASSWORD": "geheim"])).environment.removals.contains(
                "PASSWORD"))
    }

    @Test(arguments: [([], true), (["--auth", "password"], true), (["--auth=none"], false)] as [([String], Bool)])
    func codeServerHasALogin(flags: [String], hasLogin: Bool) {
        #expect((CodeServer(words: flags).withoutLogin == nil) == hasLogin)
    }

    @Test func codeServerIsNoPythonPackage() {
        #expect(CodeServer().distributions(of: nil) == [] && !CodeServer().installation.contains("pip"))
        #expect(CodeServer.identity.executableVariable == "CRATER_RUN_CODE_SERVER_EXECUTABLE")
        #expect(Ray().installation == "pip install 'ray[default]'" && Netron().installation == "pip install netron")
        #expect(TensorBoard().installation == "pip install tensorboard")
    }

    // MARK: Apps that write the prefix into their links

    @Test func gradioIsToldThePrefixThatTheDoorTakesOff() throws {
        #expect(Gradio().knowsPrefix && Gradio().writesOutsidePrefix)
        #expect(
            Self.variables(try Self.plan(Gradio(), prefix: "/ingress/z.san%40corp/")) == [
                "PYTHONUNBUFFERED": "1", "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": "41233",
                "GRADIO_NUM_PORTS": "1", "GRADIO_ROOT_PATH": "/ingress/z.san%40corp",
            ])
        #expect(Self.variables(try Self.plan(Gradio(), prefix: "/"))["GRADIO_ROOT_PATH"] == nil)
        #expect(
            Self.variables(try Self.plan(Gradio(), strips: false, prefix: "/z%40c/"))["GRADIO_ROOT_PATH"] == "/z@c")
    }

    @Test func dashIsToldThePrefixThatTheDoorTakesOff() throws {
        #expect(Dash().knowsPrefix && Dash().writesOutsidePrefix)
        let plan = try Self.plan(Dash(), prefix: "/ingress/z.san%40corp/")
        #expect(
            Self.variables(plan) == [
                "PYTHONUNBUFFERED": "1", "HOST": "127.0.0.1", "PORT": "41233", "DASH_ROUTES_PATHNAME_PREFIX": "/",
                "DASH_REQUESTS_PATHNAME_PREFIX": "/ingress/z.san%40corp/",
            ])
        // Dash refuses this variable beside the others.
        #expect(plan.environment.removals.contains("DASH_URL_BASE_PATHNAME"))
    }

    /// Gradio 3 does not serve below a prefix, and is told the prefix since 3.40.
    @Test(
        arguments: [
            ("3.50.2", false, true), ("3.50.2", true, false), ("3.40.1", true, false), ("3.39.0", true, true),
            ("4.44.1", false, false), ("6.31.0", true, false), (nil, false, false),
        ] as [(String?, Bool, Bool)])
    func anOldGradioNeedsTheDoor(version: String?, strips: Bool, lacks: Bool) throws {
        let package = version.map { PythonPackage(directory: "/lib/gradio", versions: ["gradio": $0]) }
        let lack = try Self.plan(Gradio(), strips: strips, on: Self.host(package: package)).lack
        #expect((lack != nil) == lacks)
        #expect(lack == nil || lack?.remedy.contains("--strip-prefix") == !strips)
        // At the root, nothing is needed.
        #expect(try Self.plan(Gradio(), strips: strips, prefix: "/", on: Self.host(package: package)).lack == nil)
    }
}
