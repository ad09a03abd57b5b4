import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// The supervisors of this container, as they can be found from here.
struct Supervisors {
    /// For a command that a person waits for.
    private static let patience = Duration.seconds(3)

    /// Our own user's and root's first, and of those the entry point's.
    let answering: [AnsweringSupervisor]
    /// Sockets at which nobody listens any more: a supervisor that was killed has left them.
    let abandoned: [String]
    /// What else did not come off, a line each.
    let problems: [String]

    /// Asks all that can be found.
    ///
    /// - Parameter limit: how long each may take to answer; of other users, who may have any number of them, all together.
    static func find(within limit: Duration = patience) -> Supervisors {
        var answering: [AnsweringSupervisor] = []
        var abandoned: [String] = []
        var problems: [String] = []
        var strangersTime = limit
        for address in ControlAddress.all() {
            guard address.isServed else {
                abandoned.append(address.socket)
                continue
            }
            let isStrangers = !ServingUsers.ownAndRoot.include(address.owner)
            let start = MonotonicClock.now()
            defer { if isStrangers { strangersTime -= start.duration(to: MonotonicClock.now()) } }
            do throws(Refusal) {
                answering.append(try supervisor(at: address, within: isStrangers ? strangersTime : limit))
            } catch {
                // One that dies just then takes the connection, and resets it.
                guard address.isServed else {
                    abandoned.append(address.socket)
                    continue
                }
                problems.append("cannot ask the supervisor at \(address.socket): \(error.reason)")
            }
        }
        let all = answering.filter(\.isEntryPoint) + answering.filter { !$0.isEntryPoint }
        return Supervisors(
            answering: all.filter(\.isTrusted) + all.filter { !$0.isTrusted }, abandoned: abandoned, problems: problems)
    }

    private static func supervisor(at address: ControlAddress, within limit: Duration) throws(Refusal)
        -> AnsweringSupervisor
    {
        let client = ControlClient(at: .unix(path: address.socket), of: .everybody)
        let answer = try client.get("/v1/status", within: limit)
        guard answer.status == 200,
            let status = try? JSONDecoder().decode(StatusDocument.self, from: Data(answer.body.utf8))
        else { throw Refusal("it answers \(answer.status), and no status") }
        try address.check(answer)
        return AnsweringSupervisor(address: address, status: status, user: answer.user ?? address.owner)
    }

    /// The pid of one that is there and cannot be asked; nil where none can be seen.
    private var silentPID: Int32? {
        SupervisorProcesses.pids(startedBy: Set(["up", "supervisor"] + ServingCommands.names)).last
    }

    /// Why places where one may keep its control socket cannot be trusted; empty if they can.
    private var distrust: String { ControlAddress.refusals().map(\.description).joined(separator: "; ") }

    /// Why nobody answers, and what to do.
    var absence: String {
        if let problem = problems.first { return problem }
        let hint = "start one with crater-run up, or crater-run tensorboard and the like"
        let distrust = distrust
        if !distrust.isEmpty, let pid = silentPID {
            return "a crater-run looks after apps here (pid \(pid)), and cannot be asked: \(distrust)"
        }
        if let socket = abandoned.first {
            return "the supervisor that was asked at \(socket) was killed, and has not been started again; \(hint)"
        }
        if let other = PortSupervisor.find() {
            return
                "a crater-run answers at port \(other.port), of this container or of another one of the pod, and has no control "
                + "socket that can be found from here: it has no directory for it, or CRATER_RUN_DIR does not say which. Probes work"
        }
        return
            "no crater-run serves apps in this container, or it keeps its socket where CRATER_RUN_DIR does not say here; "
            + hint
    }
}

extension Supervisors {
    /// The pid of the first that answers, which is the entry point's if there is one.
    var pid: Int32? { answering.first?.status.pid }

    /// What the doctor has to know of them.
    var forDoctor: SupervisorFacts {
        guard !answering.isEmpty else {
            if let problem = problems.first { return .silent(reason: problem) }
            if let other = PortSupervisor.find() {
                let apps = other.states.mapValues { state in
                    var app = ReportedApp(state: state)
                    app.stranger = other.stranger
                    return app
                }
                return .answers(apps: apps, atPort: other.port)
            }
            let (pid, distrust) = (silentPID, distrust)
            if let pid, !distrust.isEmpty { return .hidden(pid: pid, reason: distrust) }
            return abandoned.first.map { .stale(path: $0) } ?? pid.map { .elsewhere(pid: $0) } ?? .none
        }
        var apps: [String: ReportedApp] = [:]
        for supervisor in answering {
            for app in supervisor.status.apps {
                // By hand beside the entry point there may be another of the same name.
                let name = apps[app.name] == nil ? app.name : "\(app.name) (pid \(supervisor.status.pid))"
                apps[name] = supervisor.forDoctor(app)
            }
        }
        return .answers(apps: apps)
    }
}

extension ControlAddress {
    /// - Throws: ``Refusal`` where another supervisor answers than the one whose place this is.
    func check(_ answer: ControlClient.Answer) throws(Refusal) {
        guard let stated, stated.instance != answer.instance else { return }
        throw Refusal("another supervisor answers there")
    }

    /// What the state file says; nil without one.
    var stated: StateFile? {
        state.flatMap { try? JSONDecoder().decode(StateFile.self, from: Data($0)) }
    }
}

extension CommandFailure {
    /// Nobody answers: EX_UNAVAILABLE of sysexits.h.
    static func unavailable(_ what: String, _ why: String) -> CommandFailure {
        CommandFailure("cannot \(what): \(why)", code: Code.unavailable)
    }
}
