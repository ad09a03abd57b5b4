/// Answers probes from a snapshot: with one line, or for `?verbose` with one line for each check, in the form of
/// Kubernetes' own endpoints (kubernetes.io, API health endpoints).
package struct HealthAnswers: Sendable {
    private let readyWhen: ReadyWhen
    private let report: SupervisorReport

    package init(readyWhen: ReadyWhen, report: SupervisorReport) {
        self.readyWhen = readyWhen
        self.report = report
    }

    /// - Parameter turns: whether the reactor answered.
    package func live(turns: Bool, verbose: Bool) -> HealthAnswer {
        let obstacle = turns ? nil : HealthAnswers.stuck
        return answer("livez", obstacle: obstacle, checks: verbose ? [("reactor", obstacle)] : nil)
    }

    package static let stuck = "the reactor does not turn"

    package func ready(app: String?, verbose: Bool) -> HealthAnswer {
        guard let app else {
            let obstacle = readyWhen.obstacle(in: report)
            let asleep = report.apps.filter { $0.state == .asleep }.map { "app/\($0.name)" }
            return answer("readyz", obstacle: obstacle, checks: verbose ? readyChecks : nil, asleep: Set(asleep))
        }
        guard let found = report.apps.first(where: { $0.name == app }) else {
            guard report.pendingRules.contains(app) else {
                return HealthAnswer(status: 404, lines: ["there is no app of this name"])
            }
            return answer("readyz/\(app)", obstacle: ReadyWhen.pending(app), checks: verbose ? [] : nil)
        }
        let obstacle = report.isStopping ? "crater-run is stopping" : found.isAvailable ? nil : found.condition
        return answer(
            "readyz/\(app)", obstacle: obstacle, checks: verbose ? [("app/\(app)", obstacle)] : nil,
            asleep: found.state == .asleep ? ["app/\(app)"] : [])
    }

    package func startup(verbose: Bool) -> HealthAnswer {
        let obstacle = report.hasRules ? nil : report.complaint ?? "the ingress rules have not been read"
        return answer("startupz", obstacle: obstacle, checks: verbose ? [("rules", obstacle)] : nil)
    }

    private var readyChecks: [(String, String?)] {
        [
            ("running", report.isStopping ? "crater-run is stopping" : nil),
            ("rules", report.hasRules ? nil : report.complaint ?? "the ingress rules have not been read"),
        ]
            + report.apps.map { app in
                let isWithoutRule = app.rule == nil && !app.isUnusable
                return ("app/\(app.name)", app.isAvailable ? nil : app.condition + (isWithoutRule ? " (no rule)" : ""))
            }
            + (report.door.map { [("door", $0.problem)] } ?? [])
            + readyWhen.unknownNames(in: report).map { ("app/\($0)", ReadyWhen.unknown($0)) }
            + report.pendingRules.map { ("rule/\($0)", ReadyWhen.pending($0)) }
    }

    /// - Parameter asleep: the checks about apps that sleep.
    private func answer(
        _ name: String, obstacle: String?, checks: [(name: String, obstacle: String?)]?, asleep: Set<String> = []
    ) -> HealthAnswer {
        guard let checks else {
            return HealthAnswer(status: obstacle == nil ? 200 : 503, lines: [obstacle ?? "ok"])
        }
        let lines = checks.map { check in
            check.obstacle.map { "[-]\(check.name) failed: \($0)" }
                ?? "[+]\(check.name)\(asleep.contains(check.name) ? ReadinessPage.asleep : " ok")"
        }
        return HealthAnswer(
            status: obstacle == nil ? 200 : 503,
            lines: lines + ["\(name) check \(obstacle == nil ? "passed" : "failed")"]
        )
    }
}
