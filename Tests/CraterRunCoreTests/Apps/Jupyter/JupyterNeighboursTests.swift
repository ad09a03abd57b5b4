import CraterRunCore
import Testing

/// Several Jupyters on one host, and what kernels are told.
struct JupyterNeighboursTests {
    private static let classic = "#!/x/python\nfrom notebook.notebookapp import main\n"
    private static let lab = "#!/x/python\nfrom jupyterlab.labapp import main\n"
    private static let front = "#!/x/python\nfrom jupyter_core.command import main\n"
    private static let flag =
        #"--NotebookApp.tornado_settings={"xsrf_cookie_kwargs":{"path":"/ingress/x/"}}"#

    private func plan(
        _ app: Jupyter = Jupyter(), script: String = JupyterNeighboursTests.classic, prefix: String = "/ingress/x/",
        _ change: (inout HostFacts) -> Void = { _ in }
    ) throws -> LaunchPlan {
        var facts = HostFacts(
            hasIPv6: true, program: .executable(path: "/x/jupyter-notebook", text: script), temporaryDirectory: .usable,
            privateDirectory: "/run/1f/jupyter")
        change(&facts)
        return try app.plan(for: IngressRule("jupyter", 8888, prefix), on: facts, instance: "1f/jupyter")
    }

    @Test func theClassicNotebookKeepsItsCookieBelowItsPrefix() throws {
        #expect(try plan().arguments.contains(JupyterNeighboursTests.flag))
        #expect(try !plan(prefix: "/").arguments.contains { $0.contains("tornado_settings") })
        for other in [
            "from jupyterlab.labapp import main", "from notebook.app import main",
            "from nbclassic.notebookapp import main",
        ] {
            #expect(try !plan(script: "#!/x/python\n\(other)\n").arguments.contains { $0.contains("tornado_settings") })
        }
    }

    /// However the classic Notebook's server is started.
    @Test(
        arguments: [
            (.module("notebook", python: "/p"), ["notebook": "6.5.7"], true),
            (.module("notebook", python: "/p"), ["notebook": "7.4.0"], false),
            (.module("jupyterlab", python: "/p"), ["jupyterlab": "2.3.2"], true),
            (.module("jupyterlab", python: "/p"), ["jupyterlab": "4.4.0"], false),
            (.executable(path: "/x/jupyter-lab", text: lab), ["jupyterlab": "2.3.2"], true),
            (.executable(path: "/x/jupyter-lab", text: lab), ["jupyterlab": "3.0.0"], false),
            (.executable(path: "/x/jupyter", text: front), ["notebook": "6.4.12"], true),
            (.executable(path: "/x/jupyter", text: front), ["notebook": "6.4.12", "jupyterlab": "2.2.0"], true),
            (.executable(path: "/x/jupyter", text: front), ["notebook": "6.4.12", "jupyterlab": "3.2.0"], false),
            (.executable(path: "/x/jupyter", text: front), ["notebook": "7.0.0"], false),
        ] as [(HostFacts.Program, [String: String], Bool)])
    func everyClassicServerKeepsItsCookie(_ program: HostFacts.Program, _ versions: [String: String], isSet: Bool)
        throws
    {
        let plan = try plan {
            $0.program = program
            $0.package = PythonPackage(directory: "/p", versions: versions)
        }
        #expect(plan.arguments.contains(JupyterNeighboursTests.flag) == isSet, "\(plan.arguments)")
    }

    /// The classic Notebook reads neither the class nor the files of newer servers.
    @Test func aSettingThatTheClassicNotebookIgnoresChangesNothing() throws {
        let other = #"--ServerApp.tornado_settings={"headers":{}}"#
        let plan = try plan(Jupyter(flags: [other]))
        #expect(plan.arguments.contains(JupyterNeighboursTests.flag))
        #expect(!plan.notes.contains { $0.contains("_xsrf") })
        for file in ["jupyter_server_config.py", "jupyter_lab_config.json"] {
            let plan = try self.plan { $0.configuration = ["tornado_settings": ["/home/u/.jupyter/\(file)"]] }
            #expect(plan.arguments.contains(JupyterNeighboursTests.flag))
            #expect(!plan.notes.contains { $0.contains("_xsrf") })
        }
        for file in ["jupyter_config.json", "jupyter_notebook_config.json", "mine.py"] {
            let plan = try self.plan { $0.configuration = ["tornado_settings": ["/home/u/.jupyter/\(file)"]] }
            #expect(!plan.arguments.contains(JupyterNeighboursTests.flag))
            #expect(plan.notes.contains { $0.contains("tornado_settings of /home/u/.jupyter/\(file)") })
        }
    }

    @Test(arguments: [
        ["--config=mine.py"], ["--config", "mine.py"], ["--ServerApp.config_file=mine.py"],
        ["--JupyterApp.config_file", "mine.py"], ["--debug", "--config", "mine.py", "--x=1"],
    ])
    func aConfigurationFileAmongTheFlagsIsRead(_ flags: [String]) {
        #expect(Jupyter(flags: flags).configuration?.namedFiles == ["mine.py"])
        #expect(Jupyter(flags: ["--other=mine.py", "--config"]).configuration?.namedFiles == [])
    }

    @Test func theUsersOwnSettingStaysAndTheUserIsTold() throws {
        let own = #"--NotebookApp.tornado_settings={"headers":{}}"#
        let byFlag = try plan(Jupyter(flags: [own]))
        #expect(byFlag.arguments.filter { $0.contains("tornado_settings") } == [own])
        #expect(byFlag.notes.contains { $0.contains("tornado_settings of the flag after -- is left as it is") })
        let file = "/home/u/.jupyter/jupyter_notebook_config.py"
        let byFile = try plan { $0.configuration = ["tornado_settings": [file]] }
        #expect(!byFile.arguments.contains { $0.contains("tornado_settings") })
        #expect(
            byFile.notes.contains {
                $0.contains("tornado_settings of \(file)")
                    && $0.hasSuffix(#""xsrf_cookie_kwargs": {"path": "/ingress/x/"}"#)
            })
        let whole = try plan { $0.configuration = ["tornado_settings": [file], "xsrf_cookie_kwargs": [file]] }
        #expect(!whole.notes.contains { $0.contains("_xsrf") })
    }

    @Test func kernelsKnowTheirPrefixAndTheirProxy() throws {
        func value(_ name: String, _ plan: LaunchPlan) -> String? {
            plan.environment.assignments.first { $0.name == name }?.value
        }
        let plain = try plan()
        #expect(value("CRATER_PREFIX", plain) == "/ingress/x")
        #expect(value("TENSORBOARD_PROXY_URL", plain) == nil)
        let package = PythonPackage(directory: "/x/jupyter_core", versions: ["jupyter_server_proxy": "4.6.0"])
        #expect(value("TENSORBOARD_PROXY_URL", try plan { $0.package = package }) == "/ingress/x/proxy/%PORT%/")
        #expect(value("TENSORBOARD_PROXY_URL", try plan(prefix: "/") { $0.package = package }) == "/proxy/%PORT%/")
        let users = try plan {
            $0.package = package
            $0.variables = ["TENSORBOARD_PROXY_URL": "/mine/%PORT%/"]
        }
        #expect(value("TENSORBOARD_PROXY_URL", users) == nil)
    }
}
