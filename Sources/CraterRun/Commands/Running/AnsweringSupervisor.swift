import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// A supervisor that answers, and what it said.
struct AnsweringSupervisor {
    let address: ControlAddress
    let status: StatusDocument
    /// Who runs it, as the kernel has it.
    let user: UInt32

    /// Asks whoever has answered, and nobody who has come in that one's place.
    var client: ControlClient { ControlClient(at: .unix(path: address.socket), of: .only(user)) }

    var isEntryPoint: Bool { status.kind == SupervisorIdentity.Kind.up.rawValue }

    /// Whether it is our own user's or root's: what another user's says may be false.
    var isTrusted: Bool { ServingUsers.ownAndRoot.include(user) }

    /// `crater-run up (pid 7)`, for a person; with the user, if what that one's says may be false.
    var title: String {
        let whose = isTrusted ? "" : ", of user \(user)"
        return "crater-run \(isEntryPoint ? "up" : status.apps.first?.name ?? "") (pid \(status.pid)\(whose))"
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

extension AnsweringSupervisor {
    /// An app by its name, or by that of its rule.
    func app(_ name: String) -> StatusDocument.App? {
        status.apps.first { $0.name == name } ?? status.apps.first { $0.rule?.name == name }
    }

    /// How it stands now; nil where it does not answer any more.
    func again() -> AnsweringSupervisor? {
        guard let answer = try? client.get("/v1/status", within: .seconds(3)),
            let status = try? JSONDecoder().decode(StatusDocument.self, from: Data(answer.body.utf8)),
            status.instance == self.status.instance
        else { return nil }
        return AnsweringSupervisor(address: address, status: status, user: user)
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

extension AnsweringSupervisor {
    /// What the doctor has to know of an app.
    func forDoctor(_ app: StatusDocument.App) -> ReportedApp {
        let place = app.servedAt ?? app.rule
        var supervised = ReportedApp(
            state: app.state, reason: app.reason, port: place?.port, prefix: place?.prefix,
            isUnusable: app.unusable ?? false)
        supervised.isFixed = app.rule != nil && !status.rules.contains { $0.app == app.name }
        supervised.pid = app.pid
        supervised.readyPath = app.readyPath
        supervised.alsoReadyWith = app.alsoReadyWith.map(Set.init)
        supervised.stranger = isTrusted ? nil : user
        return supervised
    }
}
