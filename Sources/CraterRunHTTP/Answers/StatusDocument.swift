package import CraterRunCore
import FoundationEssentials

/// The document at `/v1/status`: everything that a supervisor shows. Dates are in RFC 3339 and UTC, durations in
/// seconds. A member that does not apply is left out. The document contains no token and no password. It contains
/// prefixes, which are the only secret of an app without a login, so it is served at the control socket alone.
package struct StatusDocument: Codable, Equatable, Sendable {
    package let instance: String
    /// `up` or `foreground`.
    package let kind: String
    package let version: String
    package let pid: Int32
    package let startedAt: String
    package let uptimeSeconds: Double
    package let stopping: Bool
    /// Whether `/readyz` answers 200, and why not.
    package let ready: Bool
    package let notReadyBecause: String?
    /// What is wrong with the annotations file; nil if nothing is.
    package let annotationsProblem: String?
    /// What is wrong with the ingress rules that cannot be used; nil from a supervisor whose version does not say it.
    package let ruleProblems: [String]?
    package let ruleReloads: Int
    package let orphansReaped: Int
    package let apps: [App]
    package let rules: [Rule]
    /// The front door; nil without one, and from a supervisor whose version does not say it.
    package let door: Door?
    /// Where the home page is; nil without one, and from a supervisor whose version does not say it.
    package let home: Place?

    /// The front door of the apps that use one.
    package struct Door: Codable, Equatable, Sendable {
        /// Nil while there is no process.
        package let pid: Int32?
        package let startedAt: String?
        /// How often a door was started after the first one.
        package let restarts: Int
        /// Whether the door serves what the supervisor wants.
        package let serving: Bool
        /// Why nothing is served; nil if there is no reason that lasts.
        package let problem: String?
        /// The ports at which the door accepts connections.
        package let ports: [UInt16]
    }

    package struct App: Codable, Equatable, Sendable {
        package let name: String
        package let state: String
        package let stateSeconds: Double
        package let reason: String?
        package let pid: Int32?
        package let startedAt: String?
        /// How often the app was started after its first start.
        package let restarts: Int
        package let retryInSeconds: Double?
        /// The app's current rule; nil if it has none.
        package let rule: Place?
        /// The rule by which the app's process was started; nil if the app does not run.
        package let servedAt: Place?
        package let lastExit: Exit?
        /// Whether the line that asks for the app cannot be used; nil from a supervisor whose version does not say it.
        package let unusable: Bool?
        /// The path below the prefix at which the app is asked whether it is ready; empty for the prefix itself.
        package let readyPath: String?
        /// The statuses that count as ready besides 2xx and 3xx.
        package let alsoReadyWith: [Int]?
        /// How the front door serves the app; nil if the ingress reaches it directly.
        package let door: Use?
        /// Where the app itself listens behind the front door; nil if it does not run there.
        package let backend: Backend?
        /// Whether the app is served below the home page; nil from a supervisor whose version does not say it.
        package let belowHome: Bool?
        /// Why the front door accepts nothing for the app; nil if it does, and for an app without one.
        package let outOfReach: String?

        package struct Use: Codable, Equatable, Sendable {
            /// Whether the prefix is taken off.
            package let strips: Bool
            /// Whether a key is asked for.
            package let login: Bool
        }

        package struct Backend: Codable, Equatable, Sendable {
            /// At 127.0.0.1; nil if the app listens at a socket.
            package let port: UInt16?
            /// The path of the app's UNIX socket; nil if the app listens at a port.
            package let socket: String?
            /// Without a trailing slash.
            package let prefix: String

            package var listener: DoorBackend? { port.map { .port($0) } ?? socket.map { .socket(path: $0) } }
        }
    }

    /// Where an app is served.
    package struct Place: Codable, Equatable, Sendable {
        /// The rule's name.
        package let name: String
        package let port: UInt16
        /// Without a trailing slash.
        package let prefix: String
        package let url: String

        init(_ rule: IngressRule, page: String = "") {
            name = rule.name
            port = rule.port
            prefix = rule.prefix.withoutTrailingSlash
            url = AccessURL(of: rule, page: page).description
        }
    }

    package struct Exit: Codable, Equatable, Sendable {
        /// The exit code, or 128 + n after signal n.
        package let code: Int32
        package let description: String
        package let secondsAgo: Double?
    }

    package struct Rule: Codable, Equatable, Sendable {
        package let name: String
        package let port: UInt16
        package let prefix: String
        package let url: String
        package let app: String?
        /// Whether a process that is not crater-run's listens at the rule's port.
        package let external: Bool
        /// Whether the rule is going to open an app, once the job has had time to take the port itself.
        package let pending: Bool
        /// Whether the rule was derived from the Pod's label; nil from a supervisor whose version does not say it.
        package let derived: Bool?
    }

    package init(
        of snapshot: SupervisorSnapshot, readyWhen: ReadyWhen, version: String, at now: MonotonicInstant
    ) {
        let identity = snapshot.identity
        let report = snapshot.report
        instance = identity.instance
        kind = identity.kind.rawValue
        self.version = version
        pid = identity.pid
        startedAt = identity.startedAtDate.description
        uptimeSeconds = seconds(from: identity.startedAt, to: now)
        stopping = report.isStopping
        notReadyBecause = readyWhen.obstacle(in: report)
        ready = notReadyBecause == nil
        annotationsProblem = report.complaint
        ruleProblems = report.ruleProblems
        ruleReloads = report.ruleReloads
        orphansReaped = snapshot.orphansReaped
        apps = report.apps.map { app in
            App(
                name: app.name,
                state: app.state.rawValue,
                stateSeconds: app.history.since.map { seconds(from: $0, to: now) } ?? uptimeOf(identity, now),
                reason: app.reason,
                pid: app.pid,
                startedAt: app.startedAt.map { identity.date(of: $0).description },
                restarts: max(app.history.launches - 1, 0),
                retryInSeconds: app.retryAt.map { max(seconds(from: now, to: $0), 0) },
                rule: app.rule.map { Place($0, page: app.page) },
                servedAt: app.servedRule.map { Place($0, page: app.page) },
                lastExit: app.history.lastExit.map { status in
                    Exit(
                        code: status.code,
                        description: status.description,
                        secondsAgo: app.history.lastExitAt.map { seconds(from: $0, to: now) }
                    )
                },
                unusable: app.isUnusable,
                readyPath: app.readiness?.path,
                alsoReadyWith: app.readiness.map { $0.alsoAccepts.sorted() },
                door: app.door.map { App.Use(strips: $0.strips, login: $0.hasLogin) },
                backend: app.door == nil
                    ? nil
                    : app.backend.map { backend in
                        App.Backend(
                            port: backend.socket == nil ? backend.port : nil, socket: backend.socket,
                            prefix: backend.prefix.withoutTrailingSlash)
                    },
                belowHome: app.isBelowHome,
                outOfReach: app.outOfReach
            )
        }
        door = report.door.map { door in
            Door(
                pid: door.pid, startedAt: door.startedAt.map { identity.date(of: $0).description },
                restarts: max(door.starts - 1, 0), serving: door.isServing, problem: door.problem, ports: door.ports)
        }
        home = report.home.map { Place($0) }
        rules = report.rules.map { row in
            let place = Place(row.rule)
            return Rule(
                name: place.name, port: place.port, prefix: place.prefix, url: place.url, app: row.app,
                external: row.service == .external, pending: row.service == .pending, derived: row.isDerived)
        }
    }
}

/// The seconds between two instants, with three decimal places.
private func seconds(from start: MonotonicInstant, to end: MonotonicInstant) -> Double {
    Double(start.duration(to: end).clampedNanoseconds / 1_000_000) / 1000
}

private func uptimeOf(_ identity: SupervisorIdentity, _ now: MonotonicInstant) -> Double {
    seconds(from: identity.startedAt, to: now)
}
