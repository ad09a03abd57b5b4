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
        #expect(plan.rule == .manual)
        #expect(plan.stopSignal == .terminate)
        #expect(plan.readinessPath == "/ingress/liuxw24-379e0/data/environment")
        #expect(plan.readinessURL == "http://127.0.0.1:6006/ingress/liuxw24-379e0/data/environment")
        #expect(plan.notes == [])
    }

    @Test func plansAModuleOfPython() throws {
        let program = HostFacts.Program.module("tensorboard.main", python: "/usr/bin/python3")
        let plan = try TensorBoard().plan(for: .manual, on: host(program), instance: "1f/tensorboard")
        #expect(plan.arguments.prefix(4) == ["/usr/bin/python3", "-m", "tensorboard.main", "--port"])
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
        #expect(throws: FlagConflict.self) {
            try TensorBoard(flags: ["--port=1"]).plan(for: .manual, on: host(), instance: "1f/tensorboard")
        }
    }
}
