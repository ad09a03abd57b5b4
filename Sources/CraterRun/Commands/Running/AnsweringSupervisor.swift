import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// A supervisor that answers requests, and its status.
struct AnsweringSupervisor {
    let address: ControlAddress
    let status: StatusDocument
    /// The user that the supervisor runs as, as the kernel tells it.
    let user: UInt32

    /// A client that accepts answers only from the user whose supervisor has answered before.
    var client: ControlClient { ControlClient(at: .unix(path: address.socket), of: .only(user)) }

    var isEntryPoint: Bool { status.kind == SupervisorIdentity.Kind.up.rawValue }

    /// Whether the supervisor runs as our own user or as root: the answers of any other user may be false.
    var isTrusted: Bool { ServingUsers.ownAndRoot.include(user) }

    /// `crater-run up (pid 7)`, for people; with the user, if the supervisor is not trusted.
    var title: String {
        let whose = isTrusted ? "" : ", of user \(user)"
        return "crater-run \(isEntryPoint ? "up" : status.apps.first?.name ?? "") (pid \(status.pid)\(whose))"
    }

    /// The app that the supervisor serves at the rule's port and prefix, whatever the app's name; nil if there is none.
    func serves(at rule: IngressRule) -> StatusDocument.App? {
        status.apps.first { running in
            let isThere = ![AppState.stopped, .failed].map(\.rawValue).contains(running.state)
            guard isThere, let place = running.rule ?? running.servedAt else { return false }
            return place.port == rule.port && place.prefix == rule.prefix.withoutTrailingSlash
        }
    }
}

extension AnsweringSupervisor {
    /// The app with this name, or else the app whose rule has this name.
    func app(_ name: String) -> StatusDocument.App? {
        status.apps.first { $0.name == name } ?? status.apps.first { $0.rule?.name == name }
    }

    /// The supervisor with its status as it is now; nil if the supervisor does not answer any more.
    func again() -> AnsweringSupervisor? {
        guard let answer = try? client.get("/v1/status", within: .seconds(3)),
            let status = try? JSONDecoder().decode(StatusDocument.self, from: Data(answer.body.utf8)),
            status.instance == self.status.instance
        else { return nil }
        return AnsweringSupervisor(address: address, status: status, user: user)
    }
}

extension AnsweringSupervisor {
    /// The links that open the apps, with the keys of their logins.
    ///
    /// - Throws: ``Refusal`` if the supervisor does not give them.
    func links() throws(Refusal) -> [LinksDocument.Link] {
        let answer = try client.get("/v1/links", within: .seconds(3))
        guard answer.status == 200,
            let document = try? JSONDecoder().decode(LinksDocument.self, from: Data(answer.body.utf8))
        else { throw Refusal(answer.body.split(separator: "\n").first.map(String.init) ?? "no answer") }
        return document.links
    }
}

extension AnsweringSupervisor {
    /// The app that serves a rule, and its state; nil if this supervisor does not know exactly this rule.
    func service(of rule: IngressRule) -> (app: String?, state: String, backend: String?)? {
        let known = status.rules.first { $0.name == rule.name }
        guard let known, known.port == rule.port, known.prefix == rule.prefix.withoutTrailingSlash else { return nil }
        if status.home?.name == known.name { return (nil, "home page", nil) }
        if known.external { return (nil, "external", nil) }
        if known.pending { return (nil, "pending", nil) }
        return status.apps.first { $0.name == known.app }.map { app in
            (app.name, app.state, app.backend?.listener?.description)
        }
    }
}

extension AnsweringSupervisor {
    /// The facts about an app for the doctor.
    func forDoctor(_ app: StatusDocument.App) -> ReportedApp {
        let place = app.servedAt ?? app.rule
        var supervised = ReportedApp(
            state: app.state, reason: app.reason, port: place?.port, prefix: place?.prefix,
            isUnusable: app.unusable ?? false)
        supervised.isBelowHome = app.belowHome ?? false
        supervised.isFixed =
            app.rule != nil && !supervised.isBelowHome && !status.rules.contains { $0.app == app.name }
        supervised.pid = app.pid
        supervised.hasRun = app.lastExit != nil
        (supervised.supervisor, supervised.name) = (status.pid, app.name)
        supervised.readyPath = app.readyPath
        supervised.alsoReadyWith = app.alsoReadyWith.map(Set.init)
        supervised.stranger = isTrusted ? nil : user
        supervised.door = app.door.map { use in
            ReportedApp.Door(
                use: DoorUse(strips: use.strips, hasLogin: use.login), pid: status.door?.pid,
                backend: app.backend?.listener, problem: app.outOfReach ?? status.door?.problem)
        }
        return supervised
    }
}
