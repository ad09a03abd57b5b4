import CraterRunCore
import Testing

struct WebAppTests {
    private func host(
        _ program: HostFacts.Program = .executable(path: "/opt/conda/bin/tensorboard"),
        _ directory: HostFacts.TemporaryDirectory = .usable
    ) -> HostFacts {
        HostFacts(hasIPv6: true, program: program, temporaryDirectory: directory)
    }

    @Test func plansTheCommandByItsFullPath() throws {
        let plan = try TensorBoard().plan(for: .manual, on: host(), instance: "1f/tensorboard")
        #expect(
            ShellQuoting.quote(plan.arguments)
                == "/opt/conda/bin/tensorboard --port 6006 --logdir ./logs --bind_all --path_prefix=/ingress/liuxw24-379e0"
        )
        #expect(plan.app == "tensorboard")
        #expect(plan.place.outside == .manual)
        #expect(plan.stopSignal == .terminate)
        #expect(plan.readinessPath == "/ingress/liuxw24-379e0/data/environment")
        #expect(plan.readinessURL == "http://127.0.0.1:6006/ingress/liuxw24-379e0/data/environment")
        #expect(plan.notes == [])
    }

    /// Where something stands in front of the app, the app is given the backend alone, and a person the address outside.
    @Test func givesTheAppItsBackendAndAPersonTheAddressOutside() throws {
        let backend = Backend(ruleName: "tensorboard", port: 41_000, prefix: PathPrefix(known: "/inner/"))
        let place = ServingPlace(outside: .manual, backend: backend)
        let plan = try TensorBoard().plan(for: place, on: host(), instance: "1f/tensorboard")
        #expect(plan.arguments.contains("41000"))
        #expect(plan.arguments.last == "--path_prefix=/inner")
        #expect(plan.readinessURL == "http://127.0.0.1:41000/inner/data/environment")
        #expect(plan.page.text.contains("access URL:   /ingress/liuxw24-379e0/"))
        #expect(plan.page.text.contains("rule:         tensorboard, port 6006, path /ingress/liuxw24-379e0/"))
    }

    @Test func plansAModuleOfPython() throws {
        let program = HostFacts.Program.module("tensorboard.main", python: "/usr/bin/python3")
        let plan = try TensorBoard().plan(for: .manual, on: host(program), instance: "1f/tensorboard")
        #expect(plan.arguments.prefix(2) == ["/usr/bin/python3", "-c"])
        // Without the working directory in sys.path, which `-m` would put there.
        #expect(plan.arguments[2].hasPrefix("import sys;sys.path=[p for p in sys.path if p];import runpy;"))
        #expect(plan.arguments[2].contains("\"tensorboard.main\""))
        #expect(plan.arguments[3] == "--port")
    }

    @Test func marksWhatItStarts() throws {
        let plan = try TensorBoard().plan(for: .manual, on: host(), instance: "1f/tensorboard")
        #expect(
            plan.environment
                == EnvironmentEdits([
                    "CUDA_VISIBLE_DEVICES": "", "CRATER_RUN_INSTANCE": "1f/tensorboard",
                ])
        )
    }

    @Test func setsATemporaryDirectoryWhereTheUsualOnesCannotBeWrittenTo() throws {
        let plan = try TensorBoard(keepsGPU: true).plan(
            for: .manual,
            on: host(.executable(path: "/tb"), .replacement(path: "/dev/shm")),
            instance: "1f/tensorboard"
        )
        #expect(
            plan.environment
                == EnvironmentEdits(["TMPDIR": "/dev/shm", "CRATER_RUN_INSTANCE": "1f/tensorboard"])
        )
        #expect(
            plan.notes == ["no usual temporary directory can be written to: TMPDIR is /dev/shm for tensorboard"]
        )
    }

    @Test func saysThatItsDataAreNotThere() throws {
        var facts = host()
        facts.hasDataDirectory = false
        func notes(_ app: TensorBoard) throws -> [String] {
            try app.plan(for: .manual, on: facts, instance: "1f/tensorboard").notes
        }
        let note = "is not there (yet): tensorboard shows nothing until it is"
        #expect(try notes(TensorBoard()) == ["the directory ./logs \(note)"])
        #expect(try notes(TensorBoard(logDirectory: "my logs")) == ["the directory 'my logs' \(note)"])
        #expect(TensorBoard(logDirectory: "gs://bucket/logs").dataDirectory == nil)
        #expect(TensorBoard(flags: ["--logdir_spec=a:/x"]).dataDirectory == nil)
    }

    @Test func saysThatThereIsNoTemporaryDirectory() throws {
        let plan = try TensorBoard(keepsGPU: true).plan(
            for: .manual,
            on: host(.executable(path: "/tb"), .none),
            instance: "1f/tensorboard"
        )
        #expect(plan.environment == EnvironmentEdits(["CRATER_RUN_INSTANCE": "1f/tensorboard"]))
        #expect(plan.notes.count == 1)
    }

    @Test func refusesFlagsThatContradictTheRule() {
        #expect(throws: Refusal.self) {
            try TensorBoard(flags: ["--port=1"]).plan(for: .manual, on: host(), instance: "1f/tensorboard")
        }
    }

    // MARK: Surroundings

    private func edits(_ app: any WebApp, _ facts: HostFacts) throws -> (EnvironmentEdits, [Preparation], [String]) {
        let plan = try app.plan(for: .manual, on: facts, instance: "1f/x")
        return (plan.environment, plan.preparations, plan.notes)
    }

    @Test func givesAHomeToThoseThatNeedOneWhereTheirsIsUnusable() throws {
        var facts = host()
        facts.home = .unusable(reason: "HOME is not set")
        facts.privateDirectory = "/run/crater-run/1f/x"
        for app: any WebApp in [Jupyter(), Visdom(), Marimo(), CustomApp(name: "x", command: ["a"])] {
            let (environment, preparations, notes) = try edits(app, facts)
            #expect(environment.assignments.first { $0.name == "HOME" }?.value == "/run/crater-run/1f/x/home")
            #expect(preparations.contains(.directory(path: "/run/crater-run/1f/x/home")))
            #expect(notes.contains { $0.hasPrefix("HOME is not set: HOME is /run/crater-run/1f/x/home for ") })
        }
        let (environment, preparations, notes) = try edits(TensorBoard(keepsGPU: true), facts)
        #expect(environment.assignments.map(\.name) == ["CRATER_RUN_INSTANCE"])
        #expect(preparations.isEmpty && notes.isEmpty)
    }

    /// The app itself may have been installed there by `pip install --user`.
    @Test(arguments: [nil, "/own/base"]) func keepsPythonsUserDirectoryWhereTheHomeChanges(base: String?) throws {
        let facts = HostFacts(
            hasIPv6: true, program: .executable(path: "/opt/conda/bin/visdom"), temporaryDirectory: .usable,
            home: .unusable(reason: "/home/u cannot be written to"),
            variables: ["HOME": "/home/u", "PYTHONUSERBASE": base].compactMapValues { $0 },
            privateDirectory: "/run/crater-run/1f/x")
        let (environment, _, _) = try edits(Visdom(), facts)
        let set = environment.assignments.first { $0.name == "PYTHONUSERBASE" }?.value
        #expect(set == (base == nil ? "/home/u/.local" : nil))
    }

    @Test func leavesAUsableHomeAlone() throws {
        var facts = host()
        facts.privateDirectory = "/run/crater-run/1f/x"
        let (environment, preparations, notes) = try edits(CustomApp(name: "x", command: ["a"]), facts)
        #expect(!environment.assignments.contains { $0.name == "HOME" })
        #expect(preparations.isEmpty && notes.isEmpty)
    }

    @Test func saysThatThereIsNoHomeToGive() throws {
        var facts = host()
        facts.home = .unusable(reason: "HOME is /, which cannot be written to")
        let (environment, _, notes) = try edits(Visdom(), facts)
        #expect(!environment.assignments.contains { $0.name == "HOME" })
        #expect(notes.count == 1)
        #expect(notes.first?.hasPrefix("HOME is /, which cannot be written to, and") == true)
    }

    /// A viewer gets another home. A user's script would miss what is in its home.
    @Test(arguments: [Visdom(), VisualDL(), Streamlit()] as [any WebApp])
    func anotherUsersDirectoryInTheHomeIsInNobodysWay(app: any WebApp) throws {
        var facts = host()
        facts.home = .occupied(by: "/home/me/.x y")
        facts.privateDirectory = "/run/crater-run/1f/x"
        let (environment, preparations, notes) = try edits(app, facts)
        let home = environment.assignments.first { $0.name == "HOME" }?.value
        let note = notes.first { $0.hasPrefix("/home/me/.x y cannot be ") } ?? ""
        if app.isViewer {
            #expect(home == "/run/crater-run/1f/x/home" && preparations.contains(.directory(path: home ?? "")))
            #expect(note.contains("written to (another user owns it): HOME is \(home ?? "")"), "\(notes)")
            facts.privateDirectory = nil
            #expect(
                try edits(app, facts).2.contains { $0.contains("another user owns it), and there is no other home") })
        } else {
            #expect(home == nil && preparations.isEmpty)
            #expect(note.contains("let its owner run chmod -R a+rX '/home/me/.x y', move it away, or"), "\(notes)")
        }
    }

    @Test func theDirectoryInTheHomeIsTheAppsOwn() {
        #expect(Visdom().directoryInHome == .written(".visdom"))
        #expect(Visdom(environmentPath: "/data").directoryInHome == nil)
        #expect(Visdom(flags: ["-env_path=/data"]).directoryInHome == nil)
        #expect(VisualDL().directoryInHome == .written(".visualdl"))
        #expect(Streamlit().directoryInHome == .read(".streamlit"))
        #expect(TensorBoard().directoryInHome == nil)
    }

    @Test func givesANameToAUserWithoutOne() throws {
        var facts = host()
        facts.userID = 1234
        facts.hasUserName = false
        let (environment, _, _) = try edits(Visdom(), facts)
        for name in ["USER", "LOGNAME"] {
            #expect(environment.assignments.first { $0.name == name }?.value == "1234")
        }
        #expect(try !edits(Jupyter(), facts).0.assignments.contains { $0.name == "USER" })
        facts.hasUserName = true
        #expect(try !edits(Visdom(), facts).0.assignments.contains { $0.name == "USER" })
    }

    @Test(arguments: [("tcp://10.96.0.1:8888", true), ("8888", false), ("", false)])
    func takesServiceLinksOut(value: String, isTakenOut: Bool) throws {
        var facts = host()
        let names = ["JUPYTER_PORT", "MLFLOW_PORT", "STREAMLIT_SERVER_PORT", "TENSORBOARD_PORT"]
        facts.variables = Dictionary(uniqueKeysWithValues: names.map { ($0, value) })
        #expect(try edits(Jupyter(), facts).0.removals == (isTakenOut ? ["JUPYTER_PORT"] : []))
        #expect(
            try edits(CustomApp(name: "x", command: ["a"]), facts).0.removals
                == (isTakenOut ? ["JUPYTER_PORT", "MLFLOW_PORT", "STREAMLIT_SERVER_PORT"] : []))
        #expect(try edits(TensorBoard(), facts).0.removals == [])
    }
}
