internal import CraterRunCore

/// One served app on this host: how it is started, its processes, and its readiness check.
final class ServedApp {
    /// A launch that has neither succeeded nor failed yet.
    struct Launch {
        /// Distinguishes the launch from earlier ones that were abandoned.
        let number: UInt64
        var step: Step
        /// When the launch is reported as waiting for the host, if it has made no progress by then.
        var stalledAt: MonotonicInstant

        enum Step {
            /// A worker makes the plan, and prepares the files that the plan needs.
            case preparing(WaitingCall)
            /// The process was forked, but has not executed the program yet.
            case executing(LaunchPlan, AppLauncher.Begun)
        }
    }

    /// How long a launch may wait for the host before that is reported.
    static let stallPatience = Duration.seconds(3)
    /// The time between two such reports.
    static let stallInterval = Duration.seconds(10)

    let launcher: AppLauncher
    /// Put before each line of the app's output; empty if the output is passed on unchanged.
    let outputTag: String
    let checker: ReadinessChecker
    var processes: AppProcesses
    var launch: Launch?
    /// Prepares launches, and reads files that the app has written. It is this app's own worker, so a file that does
    /// not answer holds up only this app.
    let worker: Worker
    /// The notes of the last launch, which the next launch does not repeat.
    var notes = LaunchNotes()
    private let reader: InstanceReader
    private var saidUnreadable = false
    /// The address to which the readiness checks go.
    private var address = HostAddress.loopback
    private var elsewhereWatch: ElsewhereWatch
    private var hasSocket = false

    init(
        _ definition: AppDefinition, name: String, nonce: UInt64, storage: RunStorage, worker: Worker,
        reader: InstanceReader, poll: EventPoll
    ) {
        launcher = AppLauncher(
            app: definition.app,
            executable: definition.executable,
            nonce: nonce,
            name: name,
            storage: storage,
            probe: HostProbe(surroundings: definition.surroundings),
            door: definition.policy.door,
            login: definition.login,
            reader: reader
        )
        outputTag = definition.prefixesOutput ? "[\(name)] " : ""
        self.worker = worker
        self.reader = reader
        elsewhereWatch = ElsewhereWatch(of: definition.app)
        checker = ReadinessChecker(on: poll)
        processes = AppProcesses(instance: launcher.instance, reader: reader)
    }

    /// The plan and the forked process of the launch, while the process has not executed the program yet.
    var executing: (plan: LaunchPlan, begun: AppLauncher.Begun)? {
        if case .executing(let plan, let begun) = launch?.step { (plan, begun) } else { nil }
    }

    /// What the launch waits for, as a text for people; nil if there is nothing to report yet. The next report is due
    /// ``stallInterval`` later.
    func takeStall(at now: MonotonicInstant) -> String? {
        guard let launch, launch.stalledAt <= now else { return nil }
        self.launch?.stalledAt = now.advanced(by: ServedApp.stallInterval)
        switch launch.step {
        case .preparing(let call): return call.subject ?? "a file system"
        // Only the kernel knows which of the two files does not answer.
        case .executing(let plan, _): return "\(plan.arguments.first ?? ""), or the interpreter that it names,"
        }
    }

    /// Begins a new run of the app.
    func started(_ pid: Int32, at backend: Backend) {
        processes.started(pid)
        hasSocket = backend.socket != nil
        address = .loopback
        elsewhereWatch = ElsewhereWatch(of: launcher.app)
    }

    /// The app's first process has ended: its socket goes, since apps leave theirs behind. Whatever is submitted to the
    /// worker afterwards, such as the next launch, comes later.
    func ended() {
        guard hasSocket else { return }
        let launcher = launcher
        worker.submit { launcher.removeSocket() }
    }

    /// Begins to check whether the app is ready.
    ///
    /// - Parameters:
    ///   - attributing: whether the outcome says whose listener gave the answer.
    ///   - report: gets the outcome, unless the check is abandoned.
    func check(
        _ backend: Backend, attributing: Bool, at now: MonotonicInstant, report: @escaping (CheckOutcome) -> Void
    ) {
        // Seen now, a process is known as the app's even if it sheds every sign of that later.
        if !attributing { _ = processes.survey() }
        let path = backend.prefix.appending(launcher.app.readiness.path)
        let request = ReadinessRequest(backend.listener, path: path, address: address)
        checker.start(request, at: now) { [weak self] outcome in
            guard let self else { return }
            guard outcome == ReadinessRequest.refused else {
                elsewhereWatch = ElsewhereWatch(of: launcher.app)
                return report(attributing ? attributed(outcome, of: backend) : outcome)
            }
            refused(request, to: backend, attributing: attributing, report: report)
        }
    }

    /// Handles a refused check: finds out whether the app listens at another address or at another port.
    private func refused(
        _ request: ReadinessRequest, to backend: Backend, attributing: Bool,
        report: @escaping (CheckOutcome) -> Void
    ) {
        address = .loopback
        let now = MonotonicClock.now()
        guard elsewhereWatch.isDue(at: now) else { return report(elsewhereWatch.outcome ?? ReadinessRequest.refused) }
        if let other = request.redirected {
            address = other.address
            return checker.start(other, at: now) { [weak self] outcome in
                guard let self else { return }
                if outcome == ReadinessRequest.refused { address = .loopback }
                report(attributing ? attributed(outcome, of: backend) : outcome)
            }
        }
        let members = processes.survey()
        // Once the first process has ended, a look shows only what it has left behind: the last look before stays.
        if members.contains(where: { $0.identity.pid == processes.leader && !$0.isZombie }) {
            elsewhereWatch.take(PortProbe.listeners(of: members), besides: backend.port, at: now)
        }
        report(elsewhereWatch.outcome ?? ReadinessRequest.refused)
    }

    /// The outcome of a check, corrected if another process than the app listens at the port, or the app only at the
    /// loopback address. The front door reaches the app there. At its socket nobody else can listen.
    private func attributed(_ outcome: CheckOutcome, of backend: Backend) -> CheckOutcome {
        guard case .answered(let status) = outcome, case .port(let port) = backend.listener else { return outcome }
        switch PortProbe.owner(of: port, members: processes.survey(), reader: reader) {
        case .app(loopbackOnly: false): return outcome
        case .app(loopbackOnly: true): return backend.isBehindDoor ? outcome : .loopbackOnly(port: port)
        case .another(let holder): return .answeredByAnother(holder: holder)
        case .unknown: return .answeredUnattributed(status: status)
        }
    }

    /// A log entry that the environments of some processes cannot be read; nil if they can, or if it was logged before.
    func takeUnreadable() -> LogEntry? {
        guard processes.unreadable > 0, !saidUnreadable else { return nil }
        saidUnreadable = true
        return LogEntry(
            .info,
            "the environments of some processes cannot be read (younger processes: \(processes.unreadable)): "
                + "only ancestry, group and session tell which of them belong to \(launcher.name)"
        )
    }
}
