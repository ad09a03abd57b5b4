import CraterRunCore
import CraterRunHTTP

/// Ingress rules as they are shown: a table for people, JSON for programs.
struct RulesReport {
    /// A rule as a table row and as a JSON object.
    struct Row: Encodable {
        let name: String
        let port: UInt16
        /// Without a trailing slash.
        let prefix: String
        let url: String
        /// What the rule was read from: `annotation` or `label`.
        let source: String
        /// Whether it was derived from the Pod's label: then it is for a Jupyter that somebody asks for, and opens none.
        let derived: Bool
        /// Who serves it, as a supervisor that answers has it: an app and its state, or `external`.
        let app: String?
        let state: String?
    }

    /// A problem as a JSON object; what does not apply is left out.
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

    /// - Parameter supervisors: those that answer; none where nobody was asked.
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
                state: service?.state
            )
        }
    }

    /// For people.
    var table: Table {
        // Only where there is something to tell apart.
        let tellsSource = rows.contains(where: \.derived)
        return Table(
            headings: ["NAME", "PORT", "PREFIX", "URL"] + (isLive ? ["SERVED"] : []) + (tellsSource ? ["FROM"] : []),
            rows: rows.map { row in
                var cells = [row.name, String(row.port), row.prefix, row.url].map { Table.Cell($0) }
                if isLive {
                    let state = row.state ?? "-"
                    let served = row.app.map { $0 == row.name ? state : "\(state), as \($0)" } ?? state
                    cells.append(Table.Cell(served, StatusReport.paint(state)))
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

    /// All rules, with what is wrong with lines of the file, with the file, and with rules.
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
