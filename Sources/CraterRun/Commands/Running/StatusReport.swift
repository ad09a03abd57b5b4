import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// The output of the supervisors' status: a table for people, JSON for programs.
struct StatusReport {
    private let supervisors: Supervisors

    init(_ supervisors: Supervisors) {
        self.supervisors = supervisors
    }

    /// For a JSON object.
    struct All: Encodable {
        let supervisors: [StatusDocument]
    }

    /// The links, for a JSON object.
    struct Links: Encodable {
        let links: [LinksDocument.Link]
    }

    var all: All { All(supervisors: supervisors.answering.map(\.status)) }

    /// For people: each supervisor's lines, with a blank line between two supervisors.
    func page(for facts: TerminalFacts) -> Page {
        var page = Page()
        for (number, supervisor) in supervisors.answering.enumerated() {
            if number > 0 { page.add("") }
            page.add(self.page(of: supervisor, for: facts))
        }
        return page
    }

    /// A text that differs after a change, for `--watch`. Times are no part of it, since they change always.
    var changes: String {
        supervisors.answering.map { supervisor in
            supervisor.status.apps.map {
                "\($0.name) \($0.state) \($0.pid ?? 0) \($0.reason ?? "") \($0.rule?.url ?? "")"
            }
            .joined(separator: "\n") + "\(supervisor.status.ready)\(supervisor.status.stopping)"
                + "\(supervisor.status.door?.pid ?? 0)\(supervisor.status.door?.problem ?? "")"
                + (supervisor.status.home?.url ?? "")
        }.joined(separator: "\n")
    }

    private func page(of supervisor: AnsweringSupervisor, for facts: TerminalFacts) -> Page {
        let status = supervisor.status
        let up = StatusReport.describe(status.uptimeSeconds)
        let condition = status.stopping ? "stopping" : status.ready ? "ready" : "not ready"
        var page = Page(["\(supervisor.title), for \(up): \(condition)"])
        if let home = status.home { page.add("the home page of all apps: \(home.url), at port \(home.port)") }
        if status.apps.isEmpty, status.home != nil {
            page.add("no apps yet: the home page starts them")
        } else if status.apps.isEmpty {
            page.add("no apps yet: each ingress rule that has an app's name starts that app")
        } else {
            page.add(table(status.apps), for: facts)
        }
        for app in status.apps {
            if let reason = app.reason { page.add("\(app.name): \(reason)") }
            if app.servedAt != nil, app.rule == nil {
                let isBroken = status.ruleProblems?.isEmpty == false
                let how = isBroken ? "its ingress rule is gone or cannot be used" : "its ingress rule is gone"
                page.add("\(app.name): \(how), so the app is out of reach from outside")
            }
            if let exit = app.lastExit, app.state != AppState.ready.rawValue, app.reason == nil {
                page.add("\(app.name): the last time it \(exit.description)")
            }
        }
        if !isEntryPoint(status), status.pid != 1, let app = status.apps.first?.name {
            page.add(
                "\(app): served by a crater-run of its own (pid \(status.pid), since \(status.startedAt)). The end of "
                    + "kubectl exec's client does not stop that crater-run; crater-run stop \(app) does. The app's "
                    + "command with --replace takes the app over")
        }
        for rule in status.rules where rule.external {
            page.add("\(rule.name): port \(rule.port) is served by another process, not by crater-run: left alone")
        }
        for rule in status.rules where rule.pending {
            page.add(
                "\(rule.name): to be served at port \(rule.port) once the job has had time to take the port "
                    + "(--auto-delay)")
        }
        if let door = status.door { page.add(describe(door)) }
        for problem in status.ruleProblems ?? [] { page.add(problem) }
        // The table shows each app that is not ready. It does not show other reasons, such as a name in --ready-when
        // that no app has.
        let isPlain = status.apps.contains { ![AppState.ready, .waiting].map(\.rawValue).contains($0.state) }
        if !isPlain, !status.stopping, let obstacle = status.notReadyBecause { page.add("not ready: \(obstacle)") }
        if let problem = status.annotationsProblem { page.add(problem) }
        return page
    }

    private func describe(_ door: StatusDocument.Door) -> String {
        if let problem = door.problem { return problem }
        let process = door.pid.map { "pid \($0)" } ?? "being started"
        let restarts = door.restarts == 0 ? "" : ", restarts: \(door.restarts)"
        let ports = door.ports.map { String($0) }.joined(separator: ", ")
        return "the front door (\(process)\(restarts)) accepts at \(ports.isEmpty ? "no port" : "port \(ports)")"
    }

    private func isEntryPoint(_ status: StatusDocument) -> Bool {
        status.kind == SupervisorIdentity.Kind.up.rawValue
    }

    private func table(_ apps: [StatusDocument.App]) -> Table {
        // The column is shown only if an app has a place of its own behind the front door.
        let hasBackends = apps.contains { $0.door != nil }
        return Table(
            headings: ["APP", "STATE", "FOR", "PORT", "URL", "PID", "RESTARTS"] + (hasBackends ? ["BEHIND DOOR"] : []),
            rows: apps.map { app in
                let place = app.servedAt ?? app.rule
                return [
                    Table.Cell(app.name),
                    Table.Cell(app.state, StatusReport.paint(app.state)),
                    Table.Cell(StatusReport.describe(app.stateSeconds)),
                    Table.Cell(place.map { String($0.port) } ?? "-"),
                    Table.Cell(place?.url ?? "-"),
                    Table.Cell(app.pid.map { String($0) } ?? "-"),
                    Table.Cell(String(app.restarts)),
                ] + (hasBackends ? [Table.Cell(StatusReport.describe(app))] : [])
            }
        )
    }

    /// Where the app itself is behind the front door: `127.0.0.1:40123` or the path of a socket. A path below which the
    /// app serves is added if it is another one than outside.
    private static func describe(_ app: StatusDocument.App) -> String {
        guard let use = app.door else { return "-" }
        let login = use.login ? ", login" : ""
        guard let backend = app.backend else { return use.login ? "login" : "-" }
        let place = backend.listener?.description ?? "-"
        let prefix = !use.strips ? "" : backend.socket == nil ? backend.prefix : ", path \(backend.prefix)"
        return "\(place)\(prefix)\(login)"
    }

    static func paint(_ state: String) -> Paint {
        switch AppState(rawValue: state) {
        case .ready: .green
        case .waiting, .starting, .stopping, .backingOff: .yellow
        case .unready, .failed: .red
        case .stopped, .asleep, nil: .dim
        }
    }

    private static func describe(_ seconds: Double) -> String {
        DurationText.describe(.seconds(seconds.isFinite ? min(max(seconds, 0), 1e9) : 0))
    }
}
