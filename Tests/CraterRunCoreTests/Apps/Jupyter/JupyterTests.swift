import CraterRunCore
import Testing

struct JupyterTests {
    private let rule = IngressRule("jupyter", 8888, "/ingress/x/")

    private func host(_ path: String = "/usr/bin/jupyter-lab", text: String = "") -> HostFacts {
        HostFacts(
            hasIPv6: true,
            program: .executable(path: path, text: text),
            temporaryDirectory: .usable,
            privateDirectory: "/run/crater-run/1f/jupyter"
        )
    }

    private func arguments(_ flags: [String], _ app: Jupyter = Jupyter()) throws(Refusal) -> [String] {
        var app = app
        app.flags = flags
        return try app.arguments(for: rule, on: host())
    }

    private func conflict(_ flags: [String]) -> String? {
        do throws(Refusal) {
            _ = try arguments(flags)
            return nil
        } catch {
            return error.reason
        }
    }

    private let ours = [
        "--ServerApp.base_url=/ingress/x/", "--NotebookApp.base_url=/ingress/x/", "--ServerApp.port=8888",
        "--NotebookApp.port=8888", "--ServerApp.ip=*", "--NotebookApp.ip=*", "--ServerApp.port_retries=0",
        "--NotebookApp.port_retries=0", "--ServerApp.trust_xheaders=True", "--NotebookApp.trust_xheaders=True",
        "--no-browser", "--allow-root",
    ]

    @Test func isToldEverythingInBothLongForms() throws {
        #expect(try arguments([]) == ours)
    }

    struct Program: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var program = HostFacts.Program.executable(path: "/x/jupyter", text: "")
        var versions: [String: String] = [:]
        var configuration: [String: [String]] = [:]
        let families: [String]

        init(
            _ text: String, versions: [String: String] = [:], program: HostFacts.Program? = nil,
            configuration: [String: [String]] = [:], _ families: String...
        ) {
            testDescription = "\(text) \(versions)"
            self.program = program ?? .executable(path: "/x/jupyter-notebook", text: text)
            (self.versions, self.configuration, self.families) = (versions, configuration, families)
        }
    }

    private static let front = HostFacts.Program.executable(
        path: "/x/jupyter", text: "from jupyter_core.command import main")

    /// Each flag of the other class makes it warn: "has moved from NotebookApp to ServerApp".
    @Test(arguments: [
        Program("from jupyterlab.labapp import main", versions: ["jupyterlab": "4.4.1"], "ServerApp"),
        Program(
            "from jupyterlab.labapp import main", versions: ["jupyterlab": "2.3.2", "jupyter_server": "2.2"],
            "NotebookApp"),
        Program("from jupyterlab.labapp import main", "ServerApp", "NotebookApp"),
        Program("from notebook.app import main", "ServerApp"),
        Program("from notebook.notebookapp import main", "NotebookApp"),
        Program("__requires__ = 'notebook==6.4.12'", "NotebookApp"),
        Program("from nbclassic.notebookapp import main", "ServerApp"),
        Program("from jupyter_server.serverapp import main", "ServerApp"),
        // Its name alone says nothing.
        Program("exec /opt/x/run-notebook", versions: ["notebook": "7.2"], "ServerApp", "NotebookApp"),
        Program("m", versions: ["jupyterlab": "3.6.8"], program: .module("jupyterlab", python: "/p"), "ServerApp"),
        Program("m", versions: ["notebook": "6.5.7"], program: .module("notebook", python: "/p"), "NotebookApp"),
        Program("m", versions: ["notebook": "7.0.0"], program: .module("notebook", python: "/p"), "ServerApp"),
        Program("m", program: .module("notebook", python: "/p"), "ServerApp", "NotebookApp"),
        // The command that has them all.
        Program("m", versions: ["jupyterlab": "4.4.1"], program: front, "ServerApp"),
        Program("m", versions: ["jupyterlab": "2.3.2", "notebook": "6.4"], program: front, "NotebookApp"),
        Program("m", versions: ["notebook": "6.5.7"], program: front, "NotebookApp"),
        Program("m", versions: ["notebook": "7.4"], program: front, "ServerApp"),
        Program("m", program: front, "ServerApp", "NotebookApp"),
        // The user's own NotebookApp would win.
        Program("from notebook.app import main", configuration: ["NotebookApp": ["/f"]], "ServerApp", "NotebookApp"),
        Program("from notebook.notebookapp import main", configuration: ["NotebookApp": ["/f"]], "NotebookApp"),
    ])
    func isToldInTheFormOfItsProgram(_ test: Program) throws {
        var host = host()
        host.program = test.program
        host.package = PythonPackage(directory: "/p", versions: test.versions)
        host.configuration = test.configuration
        let words = try Jupyter().arguments(for: rule, on: host)
        for family in ["ServerApp", "NotebookApp"] {
            let own = words.filter { $0.hasPrefix("--\(family).") && !$0.contains("tornado_settings") }
            #expect(own.count == (test.families.contains(family) ? 5 : 0), "\(words)")
        }
    }

    @Test func namesTheInterfaceToTheCommandThatHasThemAll() throws {
        for (interface, word) in [(nil, "lab"), (Jupyter.Interface.notebook, "notebook")] {
            let words = try Jupyter(interface: interface).arguments(for: rule, on: host("/x/jupyter"))
            #expect(words.first == word)
        }
        var host = host("/x/jupyter")
        for (versions, word) in [
            (["notebook": "6.5.7"], "notebook"), (["notebook": "6.4", "jupyterlab": "2.3"], "lab"), ([:], "lab"),
        ] {
            host.package = PythonPackage(directory: "/p", versions: versions)
            #expect(try Jupyter().arguments(for: rule, on: host).first == word)
        }
    }

    @Test func isServedAtTheRoot() throws {
        let words = try Jupyter().arguments(for: IngressRule("lab", 8888, "/"), on: host())
        #expect(words.prefix(2) == ["--ServerApp.base_url=/", "--NotebookApp.base_url=/"])
    }

    @Test func takesTheNotebookDirectory() throws {
        #expect(try arguments([], Jupyter(notebookDirectory: "/my data")) == ours + ["--notebook-dir=/my data"])
        for flag in ["--notebook-dir=x", "--ServerApp.root_dir=x", "--NotebookApp.notebook_dir=x"] {
            #expect(try arguments([flag]) == ours + [flag])
            #expect(throws: Refusal.self) { try arguments([flag], Jupyter(notebookDirectory: "y")) }
        }
    }

    @Test func passesOtherFlagsOn() throws {
        let flags = [
            "--debug", "--ServerApp.terminals_enabled=False", "--config", "x y", "-y", "--ServerApp.password", "h",
        ]
        #expect(try arguments(flags) == ours + flags)
    }

    /// Classic 6 refuses to start with a setting that is given twice, whichever way.
    @Test(arguments: [
        ["--port=8888"], ["--port", "8888"], ["--ServerApp.port=8888"], ["--NotebookApp.port", "8888"],
        ["--LabApp.port=8888"], ["--ip=*"], ["--ip", "0.0.0.0"], ["--ServerApp.ip="], ["--port-retries=0"],
        ["--ServerApp.port_retries=0"], ["--ServerApp.base_url=/ingress/x"], ["--NotebookApp.base_url", "/ingress/x/"],
        ["--allow-root"], ["--no-browser"], ["--ServerApp.allow_root=True"], ["--base-url=/ingress/x/"],
    ])
    func leavesOutWhatSaysTheSame(_ flags: [String]) throws {
        #expect(try arguments(["--debug"] + flags + ["--y"]) == ours + ["--debug", "--y"])
    }

    @Test(arguments: [
        ["--port=8889"], ["--port", "8889"], ["--ServerApp.port=0"], ["--NotebookApp.port=x"], ["--port"],
        ["--IdentityProvider.port=1"], ["--port=8888", "--port=8889"],
    ])
    func refusesAnotherPort(_ flags: [String]) throws {
        let reason = try #require(conflict(flags))
        #expect(reason.hasSuffix("the rule jupyter is on port 8888; leave it out, or use --port before the --"))
    }

    @Test(arguments: [
        ["--ServerApp.base_url=/"], ["--NotebookApp.base_url", "/other"], ["--base_url=/y"], ["--base-url=/y"],
        ["--NotebookApp.base_project_url=/y"], ["--ServerApp.base_url"],
    ])
    func refusesAnotherPrefix(_ flags: [String]) throws {
        let reason = try #require(conflict(flags))
        #expect(reason.contains("the prefix of the rule jupyter is /ingress/x/"))
    }

    @Test(arguments: [
        ["--ip=127.0.0.1"], ["--ip", "localhost"], ["--ServerApp.ip=::"], ["--NotebookApp.ip=::1"], ["--ip=10.0.0.1"],
        ["--ip"],
    ])
    func refusesOneAddress(_ flags: [String]) throws {
        #expect(try #require(conflict(flags)).contains("the app has to listen at all addresses"))
    }

    @Test(arguments: [
        ["--port-retries=50"], ["--ServerApp.port_retries=1"], ["--ServerApp.sock=/x"], ["--certfile=x"],
        ["--ServerApp.certfile", "x"], ["--keyfile=x"],
    ])
    func refusesWhatNoIngressReaches(_ flags: [String]) {
        #expect(conflict(flags) != nil)
    }

    @Test func leavesForwardedHeadersToTheUser() throws {
        let words = try arguments(["--ServerApp.trust_xheaders=False"])
        #expect(words.filter { $0.contains("trust_xheaders") } == ["--ServerApp.trust_xheaders=False"])
    }

    @Test(arguments: [
        ["--ServerApp.token=geheim"], ["--NotebookApp.token", "geheim"], ["--IdentityProvider.token=geheim"],
        ["--LabApp.token=geheim"],
    ])
    func refusesASecretThatAllCanReadWithoutRepeatingIt(_ flags: [String]) throws {
        let reason = try #require(conflict(flags))
        #expect(reason.contains("JUPYTER_TOKEN_FILE"))
        #expect(!reason.contains("geheim"))
    }

    @Test func warnsWhereAuthenticationIsOff() throws {
        let app = Jupyter(flags: ["--ServerApp.token="])
        #expect(try app.arguments(for: rule, on: host()).last == "--ServerApp.token=")
        #expect(
            app.needs(for: rule, on: host()).notes == [
                "without a token, whoever knows the path can run code in this container"
            ])
    }

    // MARK: What it needs

    @Test func getsARuntimeDirectoryAndATokenOfItsOwn() {
        let needs = Jupyter().needs(for: rule, on: host())
        #expect(
            needs.environment
                == EnvironmentEdits([
                    "JUPYTER_RUNTIME_DIR": "/run/crater-run/1f/jupyter/runtime",
                    "JUPYTER_TOKEN_FILE": "/run/crater-run/1f/jupyter/token",
                    "CRATER_PREFIX": "/ingress/x",
                ]))
        #expect(
            needs.preparations == [
                .runtimeDirectory(
                    path: "/run/crater-run/1f/jupyter/runtime", without: ["jpserver-", "nbserver-", "kernel-"]),
                .token(at: .file(path: "/run/crater-run/1f/jupyter/token")),
            ])
        #expect(needs.notes == [])
    }

    @Test func leavesTheUsersTokenFileAlone() {
        var facts = host()
        facts.variables = ["JUPYTER_TOKEN_FILE": "x"]
        let needs = Jupyter().needs(for: rule, on: facts)
        #expect(needs.environment.assignments.map(\.name) == ["JUPYTER_RUNTIME_DIR", "CRATER_PREFIX"])
        #expect(needs.preparations.count == 1)
        // Jupyter itself takes an empty one for none.
        facts.variables = ["JUPYTER_TOKEN_FILE": ""]
        #expect(Jupyter().needs(for: rule, on: facts).preparations.count == 2)
    }

    /// Jupyter would end with a traceback at each start.
    @Test func makesATokenUpWhereTheUsersFileCannotBeRead() {
        var facts = host()
        facts.variables = ["JUPYTER_TOKEN_FILE": "/not/there"]
        facts.unreadableFiles = ["JUPYTER_TOKEN_FILE": "No such file or directory"]
        let needs = Jupyter().needs(for: rule, on: facts)
        #expect(
            needs.environment.assignments.map(\.name) == ["JUPYTER_RUNTIME_DIR", "JUPYTER_TOKEN_FILE", "CRATER_PREFIX"])
        #expect(needs.notes.contains { $0.contains("/not/there, which cannot be read (No such file or directory)") })
    }

    @Test func isNoViewerAndStopsAtSIGTERM() {
        #expect(!Jupyter().isViewer)
        #expect(Jupyter().stopSignal == .terminate)
        #expect(Jupyter().readiness == ReadinessPolicy(path: "/api", interval: .seconds(10)))
    }

    @Test func tellsHowManyKernelsEndWithIt() {
        let jupyter = Jupyter()
        #expect(jupyter.losses([]) == nil)
        #expect(jupyter.losses(["jpserver-1.json", "jpserver-1-open.html", "jupyter_cookie_secret"]) == nil)
        #expect(
            jupyter.losses(["kernel-a.json", "jpserver-1.json"])?.message
                == "jupyter: 1 kernel ends with it and loses everything in memory; saved notebooks stay")
        #expect(jupyter.losses(["kernel-a.json", "kernel-b.json"])?.message.contains("2 kernels end") == true)
    }

    // MARK: Which program

    struct Script: Sendable {
        let name: String
        let text: String
        let program: JupyterProgram?
    }

    @Test(arguments: [
        Script(name: "jupyter-lab", text: "from jupyterlab.labapp import main", program: .lab),
        Script(name: "jupyter-notebook", text: "from notebook.app import main", program: .notebook),
        Script(name: "jupyter-notebook", text: "from notebook.notebookapp import main", program: .classic),
        Script(name: "jupyter-notebook", text: "from nbclassic.notebookapp import main", program: .nbclassic),
        Script(name: "jupyter-server", text: "from jupyter_server.serverapp import main", program: .server),
        Script(
            name: "jupyter-notebook",
            text: "# EASY-INSTALL-ENTRY-SCRIPT: 'notebook==6.4.12','console_scripts','jupyter-notebook'",
            program: .classic),
        // A wrapper that tells nothing.
        Script(name: "/root/.pyenv/shims/jupyter-lab", text: "#!/usr/bin/env bash", program: .lab),
        Script(name: "/x/jupyter-notebook", text: "", program: .notebook),
        Script(name: "my-jupyter", text: "", program: nil),
    ])
    func isToldByItsScript(_ script: Script) {
        #expect(JupyterProgram(script: script.text, name: script.name) == script.program)
    }

    @Test func refusesAProgramThatIsNotTheInterface() throws {
        let facts = host("/x/jupyter-notebook", text: "from notebook.notebookapp import main")
        _ = try Jupyter(interface: .notebook).arguments(for: rule, on: facts)
        _ = try Jupyter().arguments(for: rule, on: facts)
        #expect(throws: Refusal.self) { try Jupyter(interface: .lab).arguments(for: rule, on: facts) }
    }

    @Test func looksForTheBestFirst() {
        #expect(
            Jupyter().executables == ["jupyter-lab", "jupyter-notebook", "jupyter-nbclassic", "jupyter-server"])
        #expect(Jupyter(interface: .lab).executables == ["jupyter-lab"])
        #expect(Jupyter(interface: .notebook).executables == ["jupyter-notebook", "jupyter-nbclassic"])
        #expect(Jupyter(interface: .server).executables == ["jupyter-server"])
    }
}
