internal import CraterRunCore

/// What there is on this host of one app that is served: how it is started, its processes, the check under way.
final class ServedApp {
    let launcher: AppLauncher
    /// Put before each line of its output; empty to pass it through.
    let outputTag: String
    let checker = ReadinessChecker()
    /// The checker's, in the poll.
    let token: UInt64
    var processes: AppProcesses
    private var isCheckAttributing = false
    private var checkedPort: UInt16 = 0
    private var saidUnreadable = false

    init(_ definition: AppDefinition, name: String, nonce: UInt64, storage: RunStorage, token: UInt64) {
        launcher = AppLauncher(
            app: definition.app,
            executable: definition.executable,
            nonce: nonce,
            name: name,
            storage: storage,
            probe: HostProbe(surroundings: definition.surroundings)
        )
        outputTag = definition.prefixesOutput ? "[\(name)] " : ""
        self.token = token
        processes = AppProcesses(marker: launcher.marker)
    }

    /// Begins to ask whether it is ready.
    func check(_ rule: IngressRule, attributing: Bool, at now: Instant) -> ReadinessChecker.Progress {
        isCheckAttributing = attributing
        // Seen now, a process is known as the app's even if it sheds every sign of that later.
        if !attributing { _ = processes.look() }
        checkedPort = rule.port
        return checker.start(
            port: rule.port, path: rule.prefix.appending(launcher.app.readiness.path), at: now)
    }

    /// What an answer means once it is known whose listener gave it.
    func attributed(_ outcome: CheckOutcome) -> CheckOutcome {
        guard isCheckAttributing, case .answered(let status) = outcome else { return outcome }
        switch PortProbe.owner(of: checkedPort, members: processes.look()) {
        case .app(loopbackOnly: false): return outcome
        case .app(loopbackOnly: true): return .loopbackOnly(port: checkedPort)
        case .another(let holder): return .answeredByAnother(holder: holder)
        case .unknown: return .answeredUnattributed(status: status)
        }
    }

    /// That some processes cannot be looked into, once.
    func takeUnreadable() -> LogEntry? {
        guard processes.unreadable > 0, !saidUnreadable else { return nil }
        saidUnreadable = true
        return LogEntry(
            .info,
            "environments that cannot be read (younger processes: \(processes.unreadable)): what belongs to \(launcher.name) is told "
                + "by ancestry, group and session alone"
        )
    }
}
