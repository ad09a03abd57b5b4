import CraterRunCore
import Testing

struct TensorBoardTests {
    private func arguments(
        _ app: TensorBoard = TensorBoard(),
        for rule: IngressRule = .manual,
        hasIPv6: Bool = true
    ) throws(Refusal) -> [String] {
        let host = HostFacts(
            hasIPv6: hasIPv6,
            program: .executable(path: "/usr/bin/tensorboard"),
            temporaryDirectory: .usable
        )
        return try app.arguments(for: rule, on: host)
    }

    private func conflict(_ app: TensorBoard, for rule: IngressRule = .manual) -> String? {
        do throws(Refusal) {
            _ = try arguments(app, for: rule)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func isStartedAsThePlatformsManualHasIt() throws {
        #expect(
            try ShellQuoting.quote(["tensorboard"] + arguments())
                == "tensorboard --port 6006 --logdir ./logs --bind_all --path_prefix=/ingress/liuxw24-379e0"
        )
    }

    @Test func bindsIPv4AloneWhereThereIsNoIPv6() throws {
        #expect(
            try arguments(hasIPv6: false) == [
                "--port", "6006", "--logdir", "./logs", "--host", "0.0.0.0", "--path_prefix=/ingress/liuxw24-379e0",
            ]
        )
    }

    @Test func followsThePortOfItsRule() throws {
        #expect(try arguments(for: .third).prefix(2) == ["--port", "7007"])
        #expect(try arguments(for: .third).last == "--path_prefix=/ingress/third")
    }

    @Test func isServedAtTheRoot() throws {
        #expect(try arguments(for: IngressRule("tb", 6006, "/")).last == "--path_prefix=/")
    }

    @Test func readsTheDirectoryThatItIsGiven() throws {
        let words = try arguments(TensorBoard(logDirectory: "/data/my runs"))
        #expect(words[2...3] == ["--logdir", "/data/my runs"])
        // An empty one is TensorBoard's to refuse.
        #expect(try arguments(TensorBoard(logDirectory: ""))[2...3] == ["--logdir", ""])
    }

    @Test func passesTheUsersFlagsOnUnchangedAndLast() throws {
        let flags = ["--samples_per_plugin", "images=100", "--reload_interval=5", "--window_title", "my run"]
        #expect(
            try arguments(TensorBoard(flags: flags))
                == ["--port", "6006", "--logdir", "./logs", "--bind_all", "--path_prefix=/ingress/liuxw24-379e0"]
                + flags
        )
    }

    // MARK: The data

    @Test(arguments: [
        ["--logdir", "x"], ["--logdir=x"], ["--logdir_spec", "a:x,b:y"], ["--logdir_spec=a:x"], ["--logdir_s=a:x"],
        ["--db", "sqlite:x"], ["--db=sqlite:x"],
    ])
    func leavesTheDataToTheUsersOwnFlag(_ flags: [String]) throws {
        #expect(
            try arguments(TensorBoard(flags: flags))
                == ["--port", "6006", "--bind_all", "--path_prefix=/ingress/liuxw24-379e0"] + flags
        )
    }

    @Test(arguments: [["--logdir", "x"], ["--logdir=x"], ["--logdir_spec=a:x"], ["--db=sqlite:x"]])
    func refusesTwoPlacesForTheData(_ flags: [String]) throws {
        let reason = try #require(conflict(TensorBoard(logDirectory: "y", flags: flags)))
        let flag = flags[0].prefix { $0 != "=" }
        #expect(reason == "\(flag) is given after -- as well as --logdir before it: leave one of them out")
    }

    // MARK: Flags that contradict the rule

    @Test(arguments: [
        ["--port", "6007"], ["--port=6007"], ["--por", "6007"], ["--po=6007"], ["--port"], ["--port="],
        ["--port", "0"],
        ["--port", "default"], ["--port", "-1"], ["--port=6006", "--port=6007"],
    ])
    func refusesAnotherPort(_ flags: [String]) throws {
        let reason = try #require(conflict(TensorBoard(flags: flags)))
        #expect(reason.hasSuffix("the rule tensorboard is on port 6006; leave it out, or use --port before the --"))
    }

    @Test(arguments: [["--port", "6006"], ["--port=6006"], ["--po", "6006"]])
    func takesTheSamePort(_ flags: [String]) {
        #expect(conflict(TensorBoard(flags: flags)) == nil)
    }

    @Test(arguments: [
        ["--path_prefix", "/other"], ["--path_prefix=/other"], ["--path_pre=/other"], ["--pa", "/other"],
        ["--path_prefix"],
        ["--path_prefix="], ["--path_prefix=/"],
        ["--path_prefix=/ingress/liuxw24-379e0/more"], ["--path_prefix=//ingress/liuxw24-379e0"],
    ])
    func refusesAnotherPrefix(_ flags: [String]) throws {
        let reason = try #require(conflict(TensorBoard(flags: flags)))
        #expect(
            reason.hasSuffix(
                "the prefix of the rule tensorboard is /ingress/liuxw24-379e0/; leave it out, or use --prefix before the --"
            )
        )
    }

    @Test(arguments: [
        ["--path_prefix=/ingress/liuxw24-379e0"], ["--path_prefix", "/ingress/liuxw24-379e0/"],
        ["--pa=/ingress/liuxw24-379e0"], ["--path_prefix=ingress/liuxw24-379e0"],
    ])
    func takesTheSamePrefix(_ flags: [String]) {
        #expect(conflict(TensorBoard(flags: flags)) == nil)
    }

    @Test(arguments: [
        ["--host", "127.0.0.1"], ["--host=localhost"], ["--host=10.0.0.5"], ["--ho", "::1"], ["--host"], ["--host="],
    ])
    func refusesOneAddress(_ flags: [String]) throws {
        let reason = try #require(conflict(TensorBoard(flags: flags)))
        #expect(
            reason.hasSuffix("the app has to listen at all addresses; leave it out, or use 0.0.0.0"))
    }

    @Test(arguments: [["--host", "0.0.0.0"], ["--host=::"]])
    func leavesTheAddressToTheUser(_ flags: [String]) throws {
        for hasIPv6 in [true, false] {
            #expect(
                try arguments(TensorBoard(flags: flags), hasIPv6: hasIPv6)
                    == ["--port", "6006", "--logdir", "./logs", "--path_prefix=/ingress/liuxw24-379e0"] + flags
            )
        }
    }

    @Test(arguments: ["--bind_all", "--bind"])
    func leavesAFlagOutThatNeedsIPv6WhereThereIsNone(_ flag: String) throws {
        let words = ["--port", "6006", "--logdir", "./logs"]
        let prefix = ["--path_prefix=/ingress/liuxw24-379e0"]
        let app = TensorBoard(flags: [flag, "--reload_interval=5"])
        #expect(try arguments(app) == words + prefix + [flag, "--reload_interval=5"])
        #expect(
            try arguments(app, hasIPv6: false) == words + ["--host", "0.0.0.0"] + prefix + ["--reload_interval=5"])
    }

    /// TensorBoard refuses the two together.
    @Test(
        arguments: [["--host", "0.0.0.0"], ["--ho=::"]],
        [["--bind_all"], ["--bind"], ["--reload_interval=5", "--bind_all"]])
    func takesAnAddressBesideTheFlagForAllAddresses(host: [String], others: [String]) throws {
        let rest = others.filter { !$0.hasPrefix("--bind") }
        for (typed, expected) in [(host + others, host + rest), (others + host, rest + host)] {
            for hasIPv6 in [true, false] {
                #expect(
                    try arguments(TensorBoard(flags: typed), hasIPv6: hasIPv6)
                        == ["--port", "6006", "--logdir", "./logs", "--path_prefix=/ingress/liuxw24-379e0"] + expected
                )
            }
        }
        #expect(conflict(TensorBoard(flags: ["--bind_all", "--host", "127.0.0.1"])) != nil)
    }

    @Test func showsTheFlagThatContradictsTheRule() {
        #expect(
            conflict(TensorBoard(flags: ["--window_title", "x", "--port", "6007"]))
                == "--port 6007 contradicts the rule: the rule tensorboard is on port 6006; leave it out, or use --port before "
                + "the --"
        )
        #expect(conflict(TensorBoard(flags: ["--port=a b"]))?.hasPrefix("--port 'a b' contradicts the rule: ") == true)
    }

    @Test(arguments: [["--purge_orphaned_data", "true"], ["--help"], ["--p"], ["port", "6007"], ["-port=1"]])
    func takesNoOtherFlagForOneOfIts(_ flags: [String]) {
        #expect(conflict(TensorBoard(flags: flags)) == nil)
    }

    // MARK: Beside training

    @Test func hidesTheGPUsUnlessAskedToKeepThem() {
        #expect(
            TensorBoard().environment == EnvironmentEdits(["CUDA_VISIBLE_DEVICES": ""])
        )
        #expect(TensorBoard(keepsGPU: true).environment == EnvironmentEdits())
        #expect(TensorBoard().isViewer)
    }

    @Test func isReadyWhenItsDataServerAnswers() {
        let readiness = TensorBoard().readiness
        #expect(readiness.path == "/data/environment")
        #expect(readiness.interval == .seconds(10))
        #expect(Array(readiness.fatal.keys) == [500])
        #expect(TensorBoard().stopSignal == .terminate)
    }

    @Test func isItsOwnNameAndPort() {
        #expect(TensorBoard().identity == .tensorBoard)
        #expect(
            AppIdentity.all.map(\.name) == [
                "tensorboard", "jupyter", "visdom", "marimo", "streamlit", "gradio", "mlflow", "voila", "bokeh",
                "panel", "visualdl", "aim", "dash", "datasette", "netron", "hiplot", "ray", "dask", "code-server",
            ])
        #expect(
            AppIdentity.all.map(\.defaultPort) == [
                6006, 8888, 8097, 2718, 8501, 7860, 5000, 8866, 5006, 5006, 8040, 43800, 8050, 8001, 8080, 5005,
                8265, 8787, 8080,
            ])
        #expect(AppIdentity.tensorBoard.ruleNames == ["tensorboard", "tb"])
    }
}
