import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// Shows the ingress rules of the Pod, or what one of them says.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Show the ingress rules of the pod, and how a running crater-run serves them.",
        usage: "crater-run rules [<name>] [<options>]",
        discussion: """
            With a name, shows that rule; the name of an app shows the rule that belongs to the app. A script gets one \
            value with --field. A rule that is derived from the pod's label serves Jupyter only if you ask for \
            Jupyter, as with crater-run jupyter; crater-run up does not start Jupyter for it by itself.

            EXAMPLES
              crater-run rules
              crater-run rules tensorboard --output json
              VISDOM_PREFIX=$(crater-run rules visdom --field prefix)

            EXIT CODES
              1       the output cannot be written
              64      wrong usage
              78      no annotations file, no such rule, several candidates, a bad rule
            """
    )

    /// The value that `--field` prints. A prefix is printed without a trailing slash, as most apps expect it.
    enum Field: String, ExpressibleByArgument, CaseIterable {
        case prefix
        case port
        case url
    }

    @Argument(
        help: "A rule's name or an app's (\(AppIdentity.all.map { $0.name }.joined(separator: ", "))).",
        completion: Completions.rulesAndApps)
    var name: String?

    @Option(help: "Print only this value of the rule; a prefix has no slash at its end.")
    var field: Field?

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: AnnotationsOptions

    func validate() throws {
        guard field != nil else { return }
        if name == nil { throw ValidationError("'--field' needs the name of a rule or an app.") }
        if output.output == .json {
            throw ValidationError("'--field' prints one value; '--output json' is for whole rules.")
        }
    }

    func run() throws {
        var given = output.given
        given.add(source.given)
        var settings = Settings(given)
        let format = settings.read(.output) ?? .text
        let publicHost = settings.read(.publicHost)
        try settings.check()
        let file = try source.pod.readAnnotations()
        let rules = source.pod.rules(of: file)
        // With --field no supervisor is asked, since a script waits for the one value.
        let supervisors = field == nil ? Supervisors.find().answering : []
        if let name {
            let rule = try choose(name, in: rules, of: file)
            let report = RulesReport(
                rules: [rule], in: rules, publicHost: publicHost, supervisors: supervisors)
            try show(rule, report, problems: rules.problems, as: format)
        } else {
            let all = rules.rules + (rules.labelRule.map { [$0] } ?? [])
            let report = RulesReport(rules: all, in: rules, publicHost: publicHost, supervisors: supervisors)
            try showAll(report, rules, file: file, as: format)
        }
    }

    private func showAll(
        _ report: RulesReport,
        _ rules: IngressRules,
        file: AnnotationsFile,
        as format: OutputFormat
    ) throws(CommandFailure) {
        if format == .json {
            try Console.json(
                report.all(lines: file.problems, file: file.complaintsAboutAll, rules: rules.problems))
        } else if report.rows.isEmpty, !file.isDamaged, rules.problems.allSatisfy({ $0.severity == .warning }) {
            try Console.line("no ingress rules yet: add one on the job's page")
        } else {
            try Console.table(report.table)
        }
        source.pod.complain(about: file)
        for problem in rules.problems { Console.complain(problem.message) }
        // A script must not take this for a Pod without rules.
        if report.rows.isEmpty, !rules.errors.isEmpty { throw CommandFailure("no ingress rule can be used") }
    }

    /// - Parameter report: a report with only this rule.
    private func show(
        _ rule: IngressRule,
        _ report: RulesReport,
        problems: [RuleProblem],
        as format: OutputFormat
    ) throws(CommandFailure) {
        guard let field else {
            if format == .json { try Console.json(report.rows.first) } else { try Console.table(report.table) }
            for problem in problems where problem.ruleName == rule.name { Console.complain(problem.message) }
            return
        }
        for row in report.rows { try Console.line(row[field]) }
    }

    /// The rule with exactly this name, or else the rule of the app with this name.
    private func choose(_ name: String, in rules: IngressRules, of file: AnnotationsFile) throws(CommandFailure)
        -> IngressRule
    {
        var selection = RuleSelection.rule(named: name, in: rules)
        if selection == .none, let app = AppIdentity.all.first(where: { $0.ruleNames.contains(name) }) {
            selection = RuleSelection.choose(for: app, in: rules)
        }
        switch selection {
        case .found(let rule):
            return rule
        case .none:
            // It may be on a line that cannot be read.
            source.pod.complain(about: file)
            let names = rules.rules.map(\.name) + [rules.labelRule?.name].compactMap { $0 }
            let known = names.isEmpty ? "there are none yet" : "there are \(names.joined(separator: ", "))"
            throw CommandFailure(
                "cannot find the ingress rule \(PrintableText.escape(name.utf8, limit: 80)): \(known)")
        case .ambiguous(let candidates):
            // The usual message names the option --rule; here the argument itself is a rule's name.
            throw CommandFailure(
                "cannot tell which ingress rule is \(name)'s: ask for one of "
                    + candidates.map(\.name).joined(separator: ", ")
            )
        case .unusable(let problem):
            throw CommandFailure(problem.message)
        }
    }
}

extension RulesReport.Row {
    fileprivate subscript(field: RulesCommand.Field) -> String {
        switch field {
        case .prefix: prefix
        case .port: String(port)
        case .url: url
        }
    }
}
