/// The head of a Ray cluster, whose dashboard is served, as measured with 2.9.3 and 2.60.0. Ray's own addresses stay as
/// they are, for the cluster's other nodes. A `ray.init()` in the same container finds the cluster by itself.
package struct Ray: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "ray", ruleNames: ["ray"], defaultPort: 8265)
    package static let title = "Ray"
    package static let targetUsage = "[start]"
    package static let targetHelp =
        "Words that are passed on to ray start --head unchanged; put flags after --. The dashboard is served."
    package static let examples = ["crater-run ray", "crater-run ray -- --num-cpus 8 --node-ip-address 127.0.0.1"]

    package static let subcommands: Set<String> = ["start"]
    package static let ruleFlags = RuleFlags(port: ["--dashboard-port"], address: ["--dashboard-host"])
    package static var familiarFlags: FamiliarFlags { FamiliarFlags(of: ruleFlags, alone: ["--head", "--block"]) }

    /// The ports that Ray gives to its workers unless a flag says otherwise. It does not start if its dashboard's port is
    /// one of them.
    private static let workerPorts: ClosedRange<UInt16> = 10002...19999
    private static let workerFlags: [FlagName] = ["--min-worker-port", "--max-worker-port", "--worker-port-list"]

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var knowsPrefix: Bool { false }
    package var executables: [String] { ["ray"] }
    package var module: String? { "ray.scripts.scripts" }
    package var installation: String { "pip install 'ray[default]'" }
    package var isViewer: Bool { false }
    /// The ports of the cluster's state and of its nodes.
    package var earlyPorts: EarlyPorts { .any }
    package var temporaryDirectories: [String] { ["ray"] }
    package var temporaryDirectoryVariable: String? { "RAY_TMPDIR" }
    package var readiness: ReadinessPolicy {
        // The dashboard asks the process that has the cluster's state. No token is needed.
        ReadinessPolicy(path: "/api/gcs_healthz", interval: .seconds(10))
    }
    package var withoutLogin: String? {
        "has no login unless RAY_AUTH_MODE is token: whoever knows the path can run code in this container"
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try Ray.ruleFlags.rest(of: words.flags, for: backend)
        if let given = flags.given(["--address"]).first {
            throw Refusal(
                "\(ShellQuoting.quote(given.words)) makes a node of another cluster, whose dashboard is at its head: leave it "
                    + "out, or start the node with ray start")
        }
        for given in flags.given(["--include-dashboard"]) where !["true", "1"].contains(given.value?.lowercased()) {
            throw Refusal("\(ShellQuoting.quote(given.words)) leaves ray without a page: leave it out")
        }
        var own = ["start", "--head", "--block", "--dashboard-host", backend.host]
        // Ray reports its use to its makers unless it is told not to.
        own += ["--dashboard-port", String(backend.port), "--disable-usage-stats"]
        if Ray.workerPorts.contains(backend.port), flags.given(Ray.workerFlags).isEmpty {
            own += ["--min-worker-port", "20000", "--max-worker-port", "29999"]
        }
        return own + words.targets + flags.words + words.others
    }
}
