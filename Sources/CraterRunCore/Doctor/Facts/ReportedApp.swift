/// An app as a running supervisor reports it to the doctor.
package struct ReportedApp: Equatable, Sendable {
    /// The name of an ``AppState``; others are shown as they are.
    package let state: String
    /// Why it is in that state, where that is known.
    package let reason: String?
    package let port: UInt16?
    /// With or without a trailing slash.
    package let prefix: String?
    /// Whether the line that asks for it cannot be used.
    package let isUnusable: Bool
    /// Whether it is served by `--port` and `--prefix`, and by no rule.
    package var isFixed = false
    /// Its process, while there is one.
    package var pid: Int32?
    /// Where below the prefix the supervisor asks whether it is ready, and which statuses count beside 2xx and 3xx; nil where
    /// it does not say.
    package var readyPath: String?
    package var alsoReadyWith: Set<Int>?
    /// Whose supervisor says so, if that is neither our own user nor root: it may be false.
    package var stranger: UInt32?

    package init(
        state: String, reason: String? = nil, port: UInt16? = nil, prefix: String? = nil, isUnusable: Bool = false
    ) {
        self.state = state
        self.reason = reason
        self.port = port
        self.prefix = prefix
        self.isUnusable = isUnusable
    }
}

extension ReportedApp {
    /// Whether it is served where this rule says.
    func isAt(_ rule: IngressRule) -> Bool { place(named: rule.name).map { $0.address == rule.address } ?? false }

    /// Where it is served, as a rule of this name.
    func place(named name: String) -> IngressRule? {
        guard let port, let prefix = prefix.flatMap({ try? PathPrefix($0) }) else { return nil }
        return IngressRule(name: name, port: port, prefix: prefix, publicHost: nil)
    }

    /// Whether its supervisor, whose word can be taken, finds it ready.
    var isReady: Bool { state == AppState.ready.rawValue && stranger == nil }
}
