/// TensorBoard, started as in the platform's manual. Every flag was measured with 2.10.1 and 2.21.0.
package struct TensorBoard: WebApp, Equatable {
    /// `--logdir`; if nil, the user's own flags name the data, or else ``defaultLogDirectory`` does.
    package var logDirectory: String?
    /// The directory of the data if no flag names one: from the environment, or the usual one.
    package var defaultLogDirectory: String
    /// The user's own flags, passed on unchanged.
    package var flags: UserFlags
    /// Whether the GPUs stay visible to TensorBoard.
    package var keepsGPU: Bool

    package init(
        logDirectory: String? = nil,
        defaultLogDirectory: String = "./logs",
        flags: [String] = [],
        keepsGPU: Bool = false
    ) {
        self.logDirectory = logDirectory
        self.defaultLogDirectory = defaultLogDirectory
        self.flags = UserFlags(flags)
        self.keepsGPU = keepsGPU
    }

    package var identity: AppIdentity { .tensorBoard }
    package var executables: [String] { ["tensorboard"] }
    package var module: String? { "tensorboard.main" }
    package func distributions(of program: HostFacts.Program?) -> [String] { ["tensorboard", "tb_nightly"] }
    package var stopSignal: Signal { .terminate }
    package var isViewer: Bool { true }
    /// TensorBoard writes a file about each of its processes into this directory, and ends if it cannot write there.
    package var temporaryDirectories: [String] { [".tensorboard-info"] }
    /// TensorBoard starts its data server, which may have much to read, and then opens its own port.
    package var earlyPorts: EarlyPorts { .loopback }
    package var withoutLogin: String? { "has no login: whoever knows the path sees what it shows" }

    package var dataDirectory: String? {
        let directory = logDirectory ?? defaultLogDirectory
        // A URL such as gs://bucket/logs is no local directory.
        return directory.contains("://") || otherDataFlag != nil ? nil : directory
    }

    package var readiness: ReadinessPolicy {
        // The page answers 200 even when the data server behind it is dead; this path goes through the data server.
        // Only a restart brings the data server back.
        ReadinessPolicy(
            path: "/data/environment",
            fatal: [500: "its data server has died"],
            interval: .seconds(10)
        )
    }

    package var environment: EnvironmentEdits {
        // If TensorFlow can be imported, TensorBoard takes memory of every GPU that it sees, which the training needs.
        keepsGPU ? EnvironmentEdits() : EnvironmentEdits(["CUDA_VISIBLE_DEVICES": ""])
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        try TensorBoard.ruleFlags.check(flags, for: backend)
        // TensorBoard decodes each byte of such a letter as a letter of its own, so its page asks for data at a wrong
        // path.
        try Refusal.refuse(
            backend.prefix.decodedCharacters { $0.isASCII }, in: backend, of: identity,
            because: "reads letters beyond ASCII wrongly in a path")
        // Always with a port: without one, TensorBoard takes the next free port, where no ingress finds it.
        var words = ["--port", String(backend.port)]
        words += try logDirectoryWords
        if backend.isBehindDoor {
            words += ["--host", backend.host, "--path_prefix=\(backend.prefix.decoded)"]
            return words + flags.without(TensorBoard.placeFlags).words
        }
        // --bind_all needs an IPv6 socket. Without IPv6, TensorBoard exits with 255, so the user's --bind_all is left
        // out. So it is beside --host, which says the same here: TensorBoard refuses the two together.
        let hasHost = !flags.given("--host", shortest: "--ho").isEmpty
        let takesBindAll = host.hasIPv6 && !hasHost
        let bindAll = takesBindAll ? flags.given("--bind_all", shortest: "--b") : []
        if !hasHost, bindAll.isEmpty {
            words += host.hasIPv6 ? ["--bind_all"] : ["--host", "0.0.0.0"]
        }
        // TensorBoard decodes a request's path, so it needs the decoded prefix. The user's flag may have the prefix in
        // another form. It would come last and win, so it is left out.
        words.append("--path_prefix=\(backend.prefix.decoded)")
        return words
            + flags.without("--path_prefix", shortest: "--pa").filter {
                takesBindAll || !($0.hasPrefix("--b") && "--bind_all".hasPrefix($0))
            }
    }

    /// With `::`, TensorBoard listens at the IPv4 addresses too.
    private static let ruleFlags = RuleFlags(
        port: [FlagName("--port", shortest: "--po")],
        address: [FlagName("--host", shortest: "--ho")],
        prefix: [FlagName("--path_prefix", shortest: "--pa")],
        addresses: ["0.0.0.0", "::"])

    /// The flags for the address and the prefix.
    private static let placeFlags = [
        FlagName("--host", shortest: "--ho"), FlagName("--bind_all", shortest: "--b"),
        FlagName("--path_prefix", shortest: "--pa"),
    ]

    /// The user's own flag that names the data; nil if there is none.
    private var otherDataFlag: String? {
        let names = [("--logdir", "--logdir"), ("--logdir_spec", "--logdir_"), ("--db", "--db")]
        return names.first { !flags.given($0.0, shortest: $0.1).isEmpty }?.0
    }

    private var logDirectoryWords: [String] {
        get throws(Refusal) {
            guard let other = otherDataFlag else { return ["--logdir", logDirectory ?? defaultLogDirectory] }
            if logDirectory == nil { return [] }
            throw Refusal(
                "\(other) is given after -- as well as --logdir before it: leave one of them out")
        }
    }
}
