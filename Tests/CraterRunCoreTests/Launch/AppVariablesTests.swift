import CraterRunCore
import Testing

/// What an app's environment loses or gets, so that the user's variables do not mislead the app.
struct AppVariablesTests {
    private let custom = CustomApp(name: "flower", command: ["flower"])

    private func plan(
        _ app: any WebApp, _ variables: [String: String], _ change: (inout HostFacts) -> Void = { _ in }
    ) throws -> LaunchPlan {
        var facts = HostFacts(
            hasIPv6: true, program: .executable(path: "/usr/bin/app"), temporaryDirectory: .usable,
            variables: variables, privateDirectory: "/run/crater-run/1f/app", workingDirectory: "/work")
        change(&facts)
        return try app.plan(for: IngressRule("mine", 8888, "/ingress/x/"), on: facts, instance: "1f/app")
    }

    @Test func serviceLinksAreTakenOutOfEveryApp() throws {
        let links = [
            "FLOWER_PORT": "tcp://10.0.0.1:5555", "FLOWER_SERVICE_HOST": "10.0.0.1",
            "MY_DNS_PORT": "udp://10.0.0.2:53", "MY_DNS_PORT_53_UDP": "udp://10.0.0.2:53",
            "MINE_PORT": "tcp://10.0.0.3:1", "OTHER_PORT": "5555", "OTHER_SERVICE_HOST": "10.0.0.4",
        ]
        for app in [custom, TensorBoard(), Jupyter(), Visdom(), Marimo()] as [any WebApp] {
            #expect(try plan(app, links).environment.removals == ["FLOWER_PORT", "MY_DNS_PORT"])
        }
    }

    @Test(arguments: [
        (["--upstream-from", "FLOWER_PORT"], true), (["-c", "exec proxy --to \"$FLOWER_PORT\""], true),
        (["--env=FLOWER_PORT"], true), (["FLOWER_PORT=tcp://10.0.0.9:1"], true),
        (["-c", "proxy --to $MY_FLOWER_PORT $FLOWER_PORT_5555_TCP"], false), (["--port", "{port}"], false),
    ])
    func aServiceLinkStaysIfTheAppsOwnWordsNameIt(_ words: [String], stays: Bool) throws {
        let links = ["FLOWER_PORT": "tcp://10.0.0.1:5555", "FLOWER_SERVICE_HOST": "10.0.0.1"]
        let app = CustomApp(name: "demo", command: ["proxy"] + words)
        #expect(try plan(app, links).environment.removals == (stays ? [] : ["FLOWER_PORT"]))
        let streamlit = Streamlit(PassedWords(["app.py", "--", "--read", "STREAMLIT_SERVER_PORT"]))
        let port = ["STREAMLIT_SERVER_PORT": "tcp://10.0.0.1:80"]
        #expect(try !plan(streamlit, port).environment.removals.contains("STREAMLIT_SERVER_PORT"))
        #expect(try plan(Streamlit(), port).environment.removals.contains("STREAMLIT_SERVER_PORT"))
    }

    @Test(arguments: [
        "x86_64-conda-linux-gnu", "x86_64-conda_cos6-linux-gnu", "aarch64-conda-linux-gnu",
        "powerpc64le-conda-linux-gnu",
    ])
    func aPlatformOfCondasIsNoAddress(_ value: String) throws {
        let plan = try plan(custom, ["HOST": value])
        #expect(plan.environment.removals == ["HOST"])
        #expect(plan.notes.first?.hasPrefix("HOST is \(value), which names the platform of conda's compilers") == true)
        #expect(try self.plan(TensorBoard(), ["HOST": value]).environment.removals == [])
    }

    @Test(arguments: ["0.0.0.0", "", "localhost", "my-host", "a-conda-linux.example.org", "node-7-gpu"])
    func anAddressStays(_ value: String) throws {
        #expect(try plan(custom, ["HOST": value]).environment.removals == [])
    }

    @Test func whateverCondaSaysIsItsPlatform() throws {
        let variables = ["HOST": "arm64-apple-darwin20", "CONDA_TOOLCHAIN_HOST": "arm64-apple-darwin20"]
        #expect(try plan(custom, variables).environment.removals == ["HOST"])
    }

    /// For kernels of Jupyter a directory that the user names stays.
    @Test(
        arguments: [
            (":/lib", "/lib", "/lib"), ("/lib:", "/lib", "/lib"), (".:/lib", "/lib", "/work:/lib"),
            ("./:/lib", "/lib", "/work:/lib"), ("/lib:.", "/lib", "/lib:/work"),
            ("/lib::/b", "/lib:/b", "/lib:/b"),
            ("/work:/lib", "/lib", nil), ("/work/", nil, nil), (".", nil, "/work"), ("/lib", nil, nil),
            ("/working", nil, nil),
        ] as [(String, String?, String?)])
    func theWorkingDirectoryIsNotOnPythonsPath(given: String, viewer: String?, jupyter: String?) throws {
        func path(_ app: any WebApp) throws -> String? {
            try plan(app, ["PYTHONPATH": given]).environment.assignments.first { $0.name == "PYTHONPATH" }?.value
        }
        #expect(try path(TensorBoard()) == viewer)
        #expect(try path(Visdom()) == viewer)
        #expect(try path(Jupyter()) == jupyter)
        let isRemoved = try plan(TensorBoard(), ["PYTHONPATH": given]).environment.removals == ["PYTHONPATH"]
        #expect(isRemoved == ["/work/", "."].contains(given))
    }

    /// The path is the user's own code's, and no other module of the app is in danger.
    @Test func pythonsPathOfAUsersProgramStays() throws {
        for app in [custom, Gradio(), Dash()] as [any WebApp] {
            for value in [".", ":/lib", "/work:.", "/work/"] {
                let edits = try plan(app, ["PYTHONPATH": value]).environment
                #expect(!edits.removals.contains("PYTHONPATH"), "\(app.identity.name)")
                #expect(!edits.assignments.contains { $0.name == "PYTHONPATH" }, "\(app.identity.name)")
            }
        }
        for app in [Streamlit(), Bokeh(), Panel(), Voila(), Marimo()] as [any WebApp] {
            let edits = try plan(app, ["PYTHONPATH": ".:/lib"]).environment
            #expect(edits.assignments.first { $0.name == "PYTHONPATH" }?.value == "/work:/lib")
        }
    }

    @Test func aFileOfAnotherUserGivesTheAppItsOwnTemporaryDirectory() throws {
        let occupied = try plan(TensorBoard(), [:]) { $0.temporaryDirectory = .occupied(by: "/tmp/.tensorboard-info") }
        #expect(occupied.environment.assignments.first { $0.name == "TMPDIR" }?.value == "/run/crater-run/1f/app/tmp")
        #expect(occupied.preparations == [.directory(path: "/run/crater-run/1f/app/tmp")])
        #expect(
            occupied.notes.first
                == "/tmp/.tensorboard-info cannot be written to (another user has made it): TMPDIR is "
                + "/run/crater-run/1f/app/tmp for tensorboard")
        let none = try plan(TensorBoard(), [:]) {
            $0.temporaryDirectory = .occupied(by: "/tmp/.tensorboard-info")
            $0.privateDirectory = nil
        }
        #expect(!none.environment.assignments.contains { $0.name == "TMPDIR" })
        #expect(none.notes.first?.contains("there is no other place") == true)
    }

    @Test func theInterpreterBesideAScriptRunsItAndIsFirstOnPATH() throws {
        func given(_ path: String, _ scripts: String? = nil, isBeside: Bool = true) throws -> LaunchPlan {
            try self.plan(TensorBoard(), ["PATH": path]) {
                $0.program = .script(
                    path: "/env/bin/tensorboard", text: "#!/usr/bin/env python\n", python: "/env/bin/python")
                $0.pythonEnvironment = PythonEnvironment(
                    python: "/env/bin/python", isFoundBeside: isBeside, activationScripts: scripts)
            }
        }
        let plan = try given("/usr/bin:/bin")
        #expect(plan.arguments.prefix(3) == ["/env/bin/python", "/env/bin/tensorboard", "--port"])
        #expect(plan.environment.assignments.first { $0.name == "PATH" }?.value == "/env/bin:/usr/bin:/bin")
        #expect(!plan.notes.contains { $0.contains("conda") })
        #expect(try !given("/env/bin:/bin").environment.assignments.contains { $0.name == "PATH" })
        for isBeside in [true, false] {
            let plan = try given("/bin", "/env/etc/conda/activate.d", isBeside: isBeside)
            #expect(plan.notes.contains { $0.contains("are not run") })
            #expect(plan.environment.assignments.contains { $0.name == "PATH" } == isBeside)
        }
    }
}
