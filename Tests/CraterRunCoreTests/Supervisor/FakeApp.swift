import CraterRunCore

/// An app with nothing but an identity.
struct FakeApp: WebApp {
    let identity: AppIdentity
    var executables: [String] { [identity.name] }
    var module: String? { nil }
    var readiness: ReadinessPolicy { ReadinessPolicy(path: "/", interval: .seconds(10)) }
    var stopSignal: Signal { .terminate }
    var environment: EnvironmentEdits { EnvironmentEdits() }
    var dataDirectory: String? { nil }
    var isViewer: Bool { false }

    func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] { [] }
}

extension AppDefinition {
    static func fake(
        _ identity: AppIdentity, ruleName: String? = nil, fixedRule: IngressRule? = nil, door: DoorUse? = nil,
        stopSignal: Signal = .terminate
    ) -> AppDefinition {
        let app = FakeApp(identity: identity)
        let policy = AppPolicy(
            name: identity.name, readiness: app.readiness, stopSignal: stopSignal, restart: .always,
            maxRestarts: nil, door: door)
        var definition = AppDefinition(app: app, policy: policy)
        definition.wish.name = ruleName
        definition.fixedRule = fixedRule
        return definition
    }
}

extension IngressRule {
    static let board = IngressRule("tensorboard", 6006, "/ingress/board/")
    static let lab = IngressRule("jupyter", 8888, "/ingress/lab/")
    static let plots = IngressRule("visdom", 8097, "/ingress/plots/")
}
