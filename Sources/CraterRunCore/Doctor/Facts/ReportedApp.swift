/// What a supervisor says about an app.
package struct ReportedApp: Equatable, Sendable {
    /// The name of an ``AppState``; other names are shown as they are.
    package let state: String
    /// The reason for the state, if it is known.
    package let reason: String?
    package let port: UInt16?
    /// With or without a trailing slash.
    package let prefix: String?
    /// Whether the line that asks for the app cannot be used.
    package let isUnusable: Bool
    /// Whether the app is served by `--port` and `--prefix` instead of a rule.
    package var isFixed = false
    /// Whether the app is served below the home page, by the home page's rule.
    package var isBelowHome = false
    /// The app's process, while there is one.
    package var pid: Int32?
    /// Whether a process of the app has ended.
    package var hasRun = false
    /// The pid of the supervisor, and the app's name there; nil if the supervisor does not say.
    package var supervisor: Int32?
    package var name: String?
    /// The path below the prefix at which the supervisor probes the app, and the statuses that count besides 2xx and
    /// 3xx; nil if the supervisor does not say.
    package var readyPath: String?
    package var alsoReadyWith: Set<Int>?
    /// The supervisor's user, if that is neither our own user nor root: what such a supervisor says may be false.
    package var stranger: UInt32?
    /// How the app is served through a front door; nil if the ingress reaches it directly.
    package var door: Door?

    /// What a supervisor says of its front door, for one app.
    package struct Door: Equatable, Sendable {
        package let use: DoorUse
        /// The door's process; nil while there is none.
        package let pid: Int32?
        /// Where the app itself listens; nil while it does not run.
        package let backend: DoorBackend?
        /// Why nobody gets through the door; nil if all is well.
        package let problem: String?

        package init(use: DoorUse, pid: Int32? = nil, backend: DoorBackend? = nil, problem: String? = nil) {
            self.use = use
            self.pid = pid
            self.backend = backend
            self.problem = problem
        }
    }

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
    /// Whether the app is served at the rule's address.
    func isAt(_ rule: IngressRule) -> Bool { place(named: rule.name).map { $0.address == rule.address } ?? false }

    /// Where the app is served, as a rule of this name.
    func place(named name: String) -> IngressRule? {
        guard let port, let prefix = prefix.flatMap({ try? PathPrefix($0) }) else { return nil }
        return IngressRule(name: name, port: port, prefix: prefix, publicHost: nil)
    }

    /// Whether the app's program could not be executed.
    var lacksProgram: Bool { reason.map(LaunchFailure.isOfProgram) ?? false }

    /// Whether the supervisor has found the app's program.
    var hasProgram: Bool {
        (pid != nil || hasRun || state == AppState.backingOff.rawValue) && !lacksProgram
    }

    /// Whether a supervisor that can be trusted finds the app ready.
    var isReady: Bool { state == AppState.ready.rawValue && stranger == nil }
}
