import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// A supervisor that answers, and what it said.
struct AnsweringSupervisor {
    let address: ControlAddress
    let status: StatusDocument

    var client: ControlClient { ControlClient(.socket(address.socket)) }

    /// `crater-run up (pid 7)`, for a person.
    var title: String {
        let isEntryPoint = status.kind == SupervisorIdentity.Kind.up.rawValue
        return "crater-run \(isEntryPoint ? "up" : status.apps.first?.name.printable ?? "") (pid \(status.pid))"
    }

    /// The app that it runs at this place, whatever its name; nil if there is none.
    func serves(at rule: IngressRule) -> StatusDocument.App? {
        status.apps.first { running in
            let isThere = ![AppState.stopped, .failed].map(\.rawValue).contains(running.state)
            guard isThere, let place = running.rule ?? running.servedAt else { return false }
            return place.port == rule.port && place.prefix == rule.prefix.withoutTrailingSlash
        }
    }
}

/// The supervisors of this container, as they can be found from here.
struct Supervisors {
    /// For a command that a person waits for.
    private static let patience = Duration.seconds(3)

    /// The entry point's first.
    let answering: [AnsweringSupervisor]
    /// Sockets at which nobody listens any more: a supervisor that was killed has left them.
    let abandoned: [String]
    /// What else did not come off, a line each.
    let problems: [String]

    /// Asks all that can be found.
    ///
    /// - Parameter limit: how long each may take to answer.
    static func look(within limit: Duration = patience) -> Supervisors {
        var answering: [AnsweringSupervisor] = []
        var abandoned: [String] = []
        var problems: [String] = []
        for address in ControlAddress.all() {
            guard address.isServed else {
                abandoned.append(address.socket)
                continue
            }
            do throws(ControlClient.Failure) {
                answering.append(try ask(address, within: limit))
            } catch {
                // One that dies just then takes the connection, and resets it.
                guard address.isServed else {
                    abandoned.append(address.socket)
                    continue
                }
                problems.append("cannot ask the supervisor at \(address.socket): \(error.reason)")
            }
        }
        let first = answering.filter { $0.status.kind == SupervisorIdentity.Kind.up.rawValue }
        let others = answering.filter { $0.status.kind != SupervisorIdentity.Kind.up.rawValue }
        return Supervisors(answering: first + others, abandoned: abandoned, problems: problems)
    }

    private static func ask(_ address: ControlAddress, within limit: Duration) throws(ControlClient.Failure)
        -> AnsweringSupervisor
    {
        let client = ControlClient(.socket(address.socket))
        let answer = try client.ask("/v1/status", within: limit)
        guard answer.status == 200,
            let status = try? JSONDecoder().decode(StatusDocument.self, from: Data(answer.body.utf8))
        else { throw ControlClient.Failure(reason: "it answers \(answer.status), and no status") }
        try address.check(answer)
        return AnsweringSupervisor(address: address, status: status)
    }

    /// Why nobody answers, and what to do.
    var absence: String {
        if let problem = problems.first { return problem }
        let hint = "start one with crater-run up, or crater-run tensorboard and the like"
        if let socket = abandoned.first {
            return "the supervisor that was asked at \(socket) was killed, and has not been started again; \(hint)"
        }
        if let other = PortSupervisor.look() {
            return
                "a crater-run answers at port \(other.port), of this container or of another one of the pod, and has no control "
                + "socket that can be found from here: it has no directory for it, or CRATER_RUN_DIR does not say which. Probes work"
        }
        return
            "no crater-run serves apps in this container, or it keeps its socket where CRATER_RUN_DIR does not say here; "
            + hint
    }
}

extension AnsweringSupervisor {
    /// Who serves a rule, and how that stands; nil where it is not what this supervisor has.
    func service(of rule: IngressRule) -> (app: String?, state: String)? {
        let known = status.rules.first { $0.name == rule.name }
        guard let known, known.port == rule.port, known.prefix == rule.prefix.withoutTrailingSlash else { return nil }
        if known.external { return (nil, "external") }
        if known.pending { return (nil, "pending") }
        return status.apps.first { $0.name == known.app }.map { ($0.name, $0.state) }
    }
}

extension Supervisors {
    /// The pid of the first that answers, which is the entry point's if there is one.
    var pid: Int32? { answering.first?.status.pid }

    /// What the doctor has to know of them.
    var forDoctor: SupervisorLook {
        guard !answering.isEmpty else {
            if let problem = problems.first { return .silent(reason: problem) }
            if let other = PortSupervisor.look() {
                return .answers(apps: other.states.mapValues { SupervisedApp(state: $0) }, atPort: other.port)
            }
            return abandoned.first.map { .stale(path: $0) } ?? .none
        }
        var apps: [String: SupervisedApp] = [:]
        // The entry point's last: of two that serve an app of one name it is the one to stay.
        for app in answering.reversed().flatMap(\.status.apps) {
            let place = app.servedAt ?? app.rule
            apps[app.name] = SupervisedApp(
                state: app.state, reason: app.reason, port: place?.port, prefix: place?.prefix,
                isUnusable: app.unusable ?? false)
        }
        return .answers(apps: apps)
    }
}

extension ControlAddress {
    /// - Throws: ``ControlClient/Failure`` where another supervisor answers than the one whose place this is.
    func check(_ answer: ControlClient.Answer) throws(ControlClient.Failure) {
        guard let stated, stated.instance != answer.instance else { return }
        throw ControlClient.Failure(reason: "another supervisor answers there")
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
