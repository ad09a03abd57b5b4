// What the supervisor reports.

extension Supervisor {
    /// The current state of the apps, the rules and the supervisor itself.
    package var report: SupervisorReport {
        var report = SupervisorReport()
        report.isStopping = stop != nil
        report.isTakingOver = predecessors != nil
        let needsNone = automatic.definitions.isEmpty && !apps.isEmpty && apps.allSatisfy { $0.fixedRule != nil }
        report.hasRules = keeper.rules != nil || needsNone
        report.complaint = keeper.complaint
        report.ruleReloads = keeper.reloads
        report.ruleProblems = keeper.rules?.errors.map(\.message) ?? []
        report.apps =
            apps.map { doorReport(of: $0, in: AppReport(name: $0.name, machine: $0.machine, reason: whyItWaits($0))) }
            + unusable.map { AppReport(unusable: $0) }
        report.door = door.report
        report.home = home?.rule
        report.homeLink = home?.link
        report.rules = (keeper.rules?.rules ?? []).map { rule in
            RuleReport(rule: rule.reachable(at: options.publicHost), service(of: rule))
        }
        if let rule = keeper.rules?.labelRule, case .app(let name) = service(of: rule) {
            report.rules.append(
                RuleReport(rule: rule.reachable(at: options.publicHost), .app(name), isDerived: true))
        }
        return report
    }

    /// The report with what the front door says of the app.
    private func doorReport(of app: SupervisedApp, in report: AppReport) -> AppReport {
        guard let use = app.door else { return report }
        var report = report
        report.door = use
        report.state = app.state
        report.backend = app.machine.place?.backend
        report.link = app.link
        report.isBelowHome = app.isBelowHome && home?.rule != nil
        report.lastUse = app.lastUse
        guard let rule = app.doorRule else { return report }
        let problem = door.listeners[rule.port]?.failure?.reason ?? door.problem
        report.outOfReach = problem
        if report.reason == nil { report.reason = problem.map { "out of reach from outside: \($0)" } }
        return report
    }

    func whyItWaits(_ app: SupervisedApp) -> String? {
        if let reason = app.waitsFor { return reason }
        guard keeper.rules != nil else { return keeper.complaint ?? "the ingress rules have not been read" }
        if home?.pendingRule != nil, app.wish == RuleWish() { return "waiting for the home page" }
        return options.foreground == nil ? nil : "waiting for \(wanted(by: app))"
    }

    func service(of rule: IngressRule) -> RuleReport.Service {
        if automatic.external[rule.name] != nil { return .external }
        if home?.rule?.name == rule.name { return .home }
        if home?.pendingRule?.name == rule.name { return .pending }
        if let app = apps.first(where: {
            $0.machine.rule?.name == rule.name && $0.fixedRule == nil && !$0.isBelowHome
        }) {
            return .app(app.name)
        }
        // An app below the home page stays there.
        let isTaken = home?.rule != nil && apps.contains { $0.isBelowHome && $0.identity.ruleNames.contains(rule.name) }
        return stop == nil && automatic.definition(for: rule) != nil && !isTaken ? .pending : .none
    }
}
