import CraterRunCore

/// Ours, not Swift Testing's.
typealias ExitStatus = CraterRunCore.ExitStatus

extension PathPrefix {
    /// A prefix that the test knows to be one.
    init(known text: String) {
        guard let prefix = try? PathPrefix(text) else { preconditionFailure("\(text) is no prefix") }
        self = prefix
    }
}

extension IngressRule {
    init(_ name: String, _ port: UInt16, _ prefix: String) {
        self.init(name: name, port: port, prefix: PathPrefix(known: prefix))
    }

    /// The rule of the platform's manual.
    static let manual = IngressRule("tensorboard", 6006, "/ingress/liuxw24-379e0/")
    static let first = IngressRule("tensorboard", 6006, "/ingress/first/")
    static let second = IngressRule("tensorboard", 6006, "/ingress/second/")
    static let third = IngressRule("tensorboard", 7007, "/ingress/third/")
    /// Another name for the place of ``first``.
    static let firstRenamed = IngressRule("tb", 6006, "/ingress/first/")
}

extension ServingPlace {
    static let first = ServingPlace(direct: .first)
}

extension Backend {
    static let first = ServingPlace.first.backend
}

extension IngressRules {
    /// What an annotations file with these rules gives.
    ///
    /// - Parameter label: the value of the Pod's label from which Jupyter's rule is derived.
    init(_ rules: [IngressRule], seen: Int = 0, and more: [String] = [], label: String? = nil) {
        let lines = rules.map { rule in
            let prefix = rule.prefix.withTrailingSlash
            return #"ingress.crater.raids.io/\#(rule.name)="{\"Port\":\#(rule.port),\"Prefix\":\"\#(prefix)\"}""#
        }
        let text = (["kubernetes.io/config.seen=\"\(seen)\""] + lines + more).joined(separator: "\n")
        self.init(
            annotations: AnnotationsFile(parsing: Array(text.utf8)),
            labels: label.map { AnnotationsFile(parsing: Array("crater.raids.io/base-url=\"\($0)\"".utf8)) }
        )
    }
}

extension AppPolicy {
    static func tensorBoard(
        restart: RestartPolicy = .always,
        maxRestarts: Int? = nil,
        stopTimeout: Duration = .seconds(10),
        shutdownTimeout: Duration = .seconds(5),
        stopSignal: Signal = .terminate,
        onRuleChange: RuleChangePolicy = .relaunch,
        readiness: ReadinessPolicy = TensorBoard().readiness
    ) -> AppPolicy {
        AppPolicy(
            name: "tensorboard",
            readiness: readiness,
            stopSignal: stopSignal,
            restart: restart,
            maxRestarts: maxRestarts,
            stopTimeout: stopTimeout,
            shutdownTimeout: shutdownTimeout,
            onRuleChange: onRuleChange
        )
    }
}

/// SplitMix64, so that a random test is the same test every time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

extension Array where Element == UInt8 {
    init(_ text: String) {
        self = Array(text.utf8)
    }
}

/// Most tests serve an app at its rule's own port and prefix.
extension WebApp {
    func plan(for rule: IngressRule, on host: HostFacts, instance: String) throws(Refusal) -> LaunchPlan {
        try plan(for: ServingPlace(direct: rule), on: host, instance: instance)
    }

    func arguments(for rule: IngressRule, on host: HostFacts) throws(Refusal) -> [String] {
        try arguments(for: ServingPlace(direct: rule).backend, on: host)
    }

    func needs(for rule: IngressRule, on host: HostFacts) -> LaunchNeeds {
        needs(for: ServingPlace(direct: rule).backend, on: host)
    }

    func readBack(_ files: [RuntimeFile], for rule: IngressRule, announced: String?) -> ReadBack {
        readBack(files, for: ServingPlace(direct: rule), announced: announced)
    }

    func readBack(secret: String, trial: Int?, for rule: IngressRule, announced: String?) -> ReadBack {
        readBack(secret: secret, trial: trial, for: ServingPlace(direct: rule), announced: announced)
    }
}
