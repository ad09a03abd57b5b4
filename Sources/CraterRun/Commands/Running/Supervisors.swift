import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// The supervisors of this container that can be found from this process.
struct Supervisors {
    /// How long a supervisor may take to answer a command that a person waits for.
    private static let patience = Duration.seconds(3)

    /// The supervisors that answer. Those of our own user and of root come first; among equals the entry point comes
    /// first.
    let answering: [AnsweringSupervisor]
    /// The paths of sockets at which nobody listens any more: supervisors that were killed have left them behind.
    let abandoned: [String]
    /// A line for each supervisor that could not be asked for another reason.
    let problems: [String]

    /// Asks all supervisors that can be found.
    ///
    /// - Parameter limit: how long each supervisor may take to answer. Those of other users share one such limit, since
    ///   other users may have any number of them.
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
                // A supervisor that dies just now may accept the connection and reset it.
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

    /// The pid of a supervisor in the process table, for the case that none answers; nil if there is none.
    private var silentPID: Int32? {
        SupervisorProcesses.pids(startedBy: Set(["up", "supervisor"] + ServingCommands.names)).last
    }

    /// Why the places for control sockets cannot be trusted; empty if they can.
    private var distrust: String { ControlAddress.refusals().map(\.description).joined(separator: "; ") }

    /// The reason why no supervisor answers, and what to do about it.
    var absence: String {
        if let problem = problems.first { return problem }
        let hint = "start one with crater-run up, or crater-run tensorboard and the like"
        let distrust = distrust
        if !distrust.isEmpty, let pid = silentPID {
            return "a crater-run looks after apps here (pid \(pid)), and cannot be asked: \(distrust)"
        }
        if let socket = abandoned.first {
            return "the supervisor with the socket \(socket) was killed, and has not been started again; \(hint)"
        }
        if let other = PortSupervisor.find() {
            return
                "a crater-run answers at port \(other.port), in this container or in another one of the pod, but its "
                + "control socket cannot be found: it has no directory for the socket, or CRATER_RUN_DIR does not name "
                + "the directory here. Probes work"
        }
        return
            "no crater-run serves apps in this container, or CRATER_RUN_DIR does not name the directory of its socket "
            + "here; " + hint
    }
}

extension Supervisors {
    /// The pid of the first supervisor that answers: the entry point, if there is a trusted one.
    var pid: Int32? { answering.first?.status.pid }

    /// The facts about the supervisors for the doctor.
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
                // Beside the entry point's app, a user may serve another app of the same name by hand.
                let name = apps[app.name] == nil ? app.name : "\(app.name) (pid \(supervisor.status.pid))"
                apps[name] = supervisor.forDoctor(app)
            }
        }
        return .answers(apps: apps)
    }
}

extension ControlAddress {
    /// - Throws: ``Refusal`` if another supervisor answers than the one that the state file names.
    func check(_ answer: ControlClient.Answer) throws(Refusal) {
        guard let stated, stated.instance != answer.instance else { return }
        throw Refusal("another supervisor answers there")
    }

    /// The content of the state file; nil if there is none.
    var stated: StateFile? {
        state.flatMap { try? JSONDecoder().decode(StateFile.self, from: Data($0)) }
    }
}

extension CommandFailure {
    /// No supervisor answers: EX_UNAVAILABLE of sysexits.h.
    static func unavailable(_ what: String, _ why: String) -> CommandFailure {
        CommandFailure("cannot \(what): \(why)", code: Code.unavailable)
    }
}
