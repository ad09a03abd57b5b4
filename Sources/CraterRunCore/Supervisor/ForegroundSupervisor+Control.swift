// What users ask of it, and what it shows them.

extension ForegroundSupervisor {
    mutating func follow(_ command: ControlCommand, number: UInt64, at now: Instant) -> [Effect] {
        guard stopSignal == nil else { return [.answer(.refused(reason: "crater-run is stopping"), to: number)] }
        let own = options.app.name
        var effects: [Effect] = []
        switch command {
        case .start(own): effects = tell(.startRequested, at: now)
        case .restart(own): effects = tell(.restartRequested, at: now)
        case .stop(own):
            // Its app is all that this crater-run is there for.
            stopSignal = .terminate
            stopAskedAt = now
            waitUntil = nil
            effects = [.log(LogEntry(.info, "asked to stop"))] + tell(.stopRequested(isShutdown: true), at: now)
        case .start, .stop, .restart:
            return [.answer(.unknown(names: [own]), to: number)]
        case .serve:
            let reason =
                "the crater-run that answers serves \(own) alone: only the entry point (crater-run up) takes apps over"
            return [.answer(.refused(reason: reason), to: number)]
        }
        // First: the effects may be our end.
        let message = "\(own): \(app.state.rawValue)"
        return [.answer(.accepted(app: own, message: message), to: number)] + effects
    }

    package var report: SupervisorReport {
        var report = SupervisorReport()
        report.isStopping = stopSignal != nil
        report.hasRules = rules != nil || options.fixedRule != nil
        report.complaint = fileComplaint
        report.ruleReloads = ruleReloads
        report.ruleProblems = rules?.errors.map(\.message) ?? []
        report.apps = [
            AppReport(
                name: options.app.name, machine: app, reason: readFailure ?? lastComplaint ?? "waiting for \(wanted)")
        ]
        report.rules = (rules?.rules ?? []).map { rule in
            RuleReport(rule: rule.reachable(at: options.publicHost), isOurs(rule) ? .app(options.app.name) : .none)
        }
        if let rule = rules?.labelRule, isOurs(rule) {
            report.rules.append(
                RuleReport(rule: rule.reachable(at: options.publicHost), .app(options.app.name), isDerived: true))
        }
        return report
    }

    private func isOurs(_ rule: IngressRule) -> Bool { options.fixedRule == nil && app.rule?.name == rule.name }
}
