import CraterRunCore
import CraterRunHTTP

/// The output of ingress rules: a table for people, JSON for programs.
struct RulesReport {
    /// A rule as a table row and as a JSON object.
    struct Row: Encodable {
        let name: String
        let port: UInt16
        /// Without a trailing slash.
        let prefix: String
        let url: String
        /// Where the rule comes from: `annotation` or `label`.
        let source: String
        /// Whether the rule was derived from the Pod's label. Such a rule serves Jupyter only if the user asks for
        /// Jupyter.
        let derived: Bool
        /// The app that serves the rule, and in `state` the app's state; for another process `state` is `external`.
        /// Both are nil if no supervisor that answers knows the rule.
        let app: String?
        let state: String?
        /// Where the app itself listens behind a front door; nil if the ingress reaches it directly.
        let backend: String?
    }

    /// A problem as a JSON object; members that do not apply are left out.
    struct Problem: Encodable {
        var key: String?
        var line: Int?
        let message: String
        var rule: String?
        let severity: String
        var value: String?
    }

    let rows: [Row]
    private let isLive: Bool

    /// - Parameter supervisors: the supervisors that answer; empty if none was asked.
    init(
        rules: [IngressRule], in all: IngressRules, publicHost: PublicHost?, supervisors: [AnsweringSupervisor] = []
    ) {
        isLive = !supervisors.isEmpty
        rows = rules.map { rule in
            let service = supervisors.lazy.compactMap { $0.service(of: rule) }.first
            let isDerived = rule == all.labelRule
            return Row(
                name: rule.name,
                port: rule.port,
                prefix: rule.prefix.withoutTrailingSlash,
                url: AccessURL(of: rule, publicHost: publicHost).description,
                source: isDerived ? "label" : "annotation",
                derived: isDerived,
                app: service?.app,
                state: service?.state,
                backend: service?.backend
            )
        }
    }

    /// For people.
    var table: Table {
        // The column is shown only if there are rules from both sources.
        let tellsSource = rows.contains(where: \.derived)
        return Table(
            headings: ["NAME", "PORT", "PREFIX", "URL"] + (isLive ? ["SERVED"] : []) + (tellsSource ? ["FROM"] : []),
            rows: rows.map { row in
                var cells = [row.name, String(row.port), row.prefix, row.url].map { Table.Cell($0) }
                if isLive {
                    let state = row.state ?? "-"
                    let served = row.app.map { $0 == row.name ? state : "\(state), as \($0)" } ?? state
                    let door = row.backend.map { ", behind the front door at \($0)" } ?? ""
                    cells.append(Table.Cell(served + door, StatusReport.paint(state)))
                }
                if tellsSource {
                    cells.append(row.derived ? Table.Cell("label (derived)", .dim) : Table.Cell("annotation"))
                }
                return cells
            }
        )
    }

    /// All rules for a JSON object.
    struct All: Encodable {
        let problems: [Problem]
        let rules: [Row]
    }

    /// All rules, and the problems of the file's lines, of the file itself, and of rules.
    func all(lines: [AnnotationsProblem], file: [String], rules problems: [RuleProblem]) -> All {
        let error = RuleProblem.Severity.error.rawValue
        let ofLines = lines.map { Problem(line: $0.line, message: $0.message, severity: error, value: $0.text) }
        let ofFile = file.map { Problem(message: $0, severity: error) }
        let ofRules = problems.map {
            Problem(
                key: $0.key,
                message: $0.message,
                rule: $0.ruleName,
                severity: $0.severity.rawValue,
                value: $0.value.isEmpty ? nil : $0.value
            )
        }
        return All(problems: ofLines + ofFile + ofRules, rules: rows)
    }
}
