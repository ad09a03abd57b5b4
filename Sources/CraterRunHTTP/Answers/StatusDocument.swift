package import CraterRunCore
import FoundationEssentials

/// `/v1/status`: everything that a supervisor shows. Dates are RFC 3339 in UTC, durations seconds; what does not apply is left
/// out. No secret is in it.
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
    /// What is wrong with the annotations file.
    package let annotationsProblem: String?
    /// What is wrong with ingress rules that cannot be used. Nil: the supervisor is of a version that does not say.
    package let ruleProblems: [String]?
    package let ruleReloads: Int
    package let orphansReaped: Int
    package let apps: [App]
    package let rules: [Rule]

    package struct App: Codable, Equatable, Sendable {
        package let name: String
        package let state: String
        package let stateSeconds: Double
        package let reason: String?
        package let pid: Int32?
        package let startedAt: String?
        /// Starts after the first.
        package let restarts: Int
        package let retryInSeconds: Double?
        /// By which it is to be served; nil if it has none.
        package let rule: Place?
        /// By which it runs; nil if it does not.
        package let servedAt: Place?
        package let lastExit: Exit?
        /// Whether the line that asks for it cannot be used. Nil: the supervisor is of a version that does not say.
        package let unusable: Bool?
        /// Where below the prefix it is asked whether it is ready; empty for the prefix itself.
        package let readyPath: String?
        /// The statuses that count as ready beside 2xx and 3xx.
        package let alsoReadyWith: [Int]?
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
        /// The exit code, or 128 + n by signal n.
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
        /// Somebody who is not ours serves it.
        package let external: Bool
        /// It opens an app, once the job has had its time to take the port itself.
        package let pending: Bool
        /// Whether it was derived from the Pod's label. Nil: the supervisor is of a version that does not say.
        package let derived: Bool?
    }

    package init(
        of snapshot: SupervisorSnapshot, readyWhen: ReadyWhen, version: String, at now: CraterRunCore.MonotonicInstant
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
                alsoReadyWith: app.readiness.map { $0.alsoAccepts.sorted() }
            )
        }
        rules = report.rules.map { row in
            let place = Place(row.rule)
            return Rule(
                name: place.name, port: place.port, prefix: place.prefix, url: place.url, app: row.app,
                external: row.service == .external, pending: row.service == .pending, derived: row.isDerived)
        }
    }
}

/// With three decimal places, which is more than anybody reads.
private func seconds(from start: CraterRunCore.MonotonicInstant, to end: CraterRunCore.MonotonicInstant) -> Double {
    Double(start.duration(to: end).clampedNanoseconds / 1_000_000) / 1000
}

private func uptimeOf(_ identity: SupervisorIdentity, _ now: CraterRunCore.MonotonicInstant) -> Double {
    seconds(from: identity.startedAt, to: now)
}
