import CraterRunCore
import CraterRunLinux

/// `crater-run up --check`: shows what would be run and served, and what prevents it.
struct UpCheck {
    let up: UpSettings
    let job: [[UInt8]]?

    /// Prints a line for each thing that was checked.
    ///
    /// - Returns: 0 if nothing is wrong; otherwise the exit code of the first problem.
    func run(settings: Settings) throws(CommandFailure) -> Int32 {
        var problems = settings.problems.map { CommandFailure($0, code: CommandFailure.Code.usage) }
        var report: [String] = []
        if let job { report.append(checkJob(job, problems: &problems)) }
        let rules = readRules(problems: &problems)
        let lines = up.appLines
        var forgiven: [String] = []
        var taken: [UInt16: String] = [:]
        var definitions: [Result<AppDefinition, CommandFailure>] = []
        for line in lines {
            do throws(AppLine.Failure) {
                definitions.append(.success(try line.definition(under: up, forgiven: &forgiven)))
            } catch { definitions.append(.failure(error.commandFailure)) }
        }
        let claimed = Set(definitions.compactMap { try? $0.get().wish.name })
        let free = definitions.compactMap { try? $0.get() }.filter { $0.wish == RuleWish() && $0.fixedRule == nil }
        let named = Set(free.flatMap(\.app.identity.ruleNames))
        let home = rules.flatMap { up.home?.candidates(in: $0, wished: claimed, named: named).first }?.reachable(
            at: up.publicHost)
        if let home { report.append("home: one page for all apps, \(AccessURL(of: home))") }
        for definition in definitions {
            switch definition {
            case .success(let definition):
                report.append(
                    check(definition, rules: rules, home: home, claimed: claimed, taken: &taken, problems: &problems))
            case .failure(let problem): problems.append(problem)
            }
        }
        if up.isAutomatic || lines.isEmpty {
            report += up.automaticApps(forgiven: &forgiven).map(describe)
        }
        problems += forgiven.map { CommandFailure($0, code: CommandFailure.Code.usage) }
        try Console.page(Page(report))
        for problem in problems { Console.complain(problem) }
        return problems.first?.code ?? 0
    }

    private func checkJob(_ job: [[UInt8]], problems: inout [CommandFailure]) -> String {
        let name = String(decoding: job.first ?? [], as: UTF8.self)
        do throws(LaunchFailure) {
            return "job: \(try HostProbe().jobProgram(named: name))"
        } catch {
            let message = "cannot run the job: \(error.reason)"
            problems.append(CommandFailure(message, code: error.exitCode ?? CommandFailure.Code.other))
            return "job: \(name), which cannot be run"
        }
    }

    private func readRules(problems: inout [CommandFailure]) -> IngressRules? {
        do throws(CommandFailure) {
            let file = try up.source.readAnnotations()
            let rules = up.source.rules(of: file)
            problems += (file.complaints + rules.problems.filter { $0.severity == .error }.map(\.message))
                .map { CommandFailure($0) }
            return rules
        } catch {
            problems.append(error)
            return nil
        }
    }

    /// - Parameters:
    ///   - home: the rule that opens the home page.
    ///   - claimed: the names of the rules that lines name.
    ///   - taken: the app at each port, from the lines before; this app's port is added.
    private func check(
        _ definition: AppDefinition,
        rules: IngressRules?,
        home: IngressRule?,
        claimed: Set<String>,
        taken: inout [UInt16: String],
        problems: inout [CommandFailure]
    ) -> String {
        let name = definition.name
        let selection = rules.map {
            RuleSelection.choose(
                for: definition.app.identity, in: $0.without(home?.name), wish: definition.wish, usesLabel: home == nil
            )
            .without(claimed)
        }
        var definition = definition
        var rule = definition.fixedRule
        if rule == nil, let home, definition.wish == RuleWish(), selection == RuleSelection.none {
            rule = HomeOptions.rule(below: home, of: name)
            definition = definition.belowHome
        }
        if case .found(let found) = selection { rule = found.reachable(at: up.publicHost) }
        guard let rule else {
            if case .ambiguous = selection, let message = selection?.failureMessage(for: name) {
                problems.append(CommandFailure(message))
            }
            let (wish, identity) = (definition.wish, definition.app.identity)
            let offer = rules.flatMap { wish.offer(of: $0.rules, for: identity) }.map { "; \($0)" } ?? ""
            return "\(name): waits for \(wish.words(for: identity))\(offer)"
        }
        // The front door tells apps at one port apart by their prefixes.
        let isBehindDoor = definition.policy.door != nil
        if !isBehindDoor, let other = taken.updateValue(name, forKey: rule.port) {
            let message = "cannot serve \(other) and \(name) both at port \(rule.port): give one of them another --rule"
            problems.append(CommandFailure(message))
        }
        do throws(LaunchFailure) {
            let launcher = AppLauncher(
                app: definition.app, executable: definition.executable, nonce: 0, door: definition.policy.door)
            let plan = try launcher.plan(for: rule)
            if let failure = launcher.portInUse(rule.port) { throw failure }
            return "\(name): \(AccessURL(of: rule, page: definition.app.page)), \(ShellQuoting.quote(plan.arguments))"
        } catch {
            problems.append(CommandFailure("cannot start \(name): \(error.reason)", code: error.exitCode ?? 1))
            return "\(name): cannot be started"
        }
    }

    private func describe(_ definition: AppDefinition) -> String {
        let names = definition.app.identity.ruleNames.joined(separator: ", ")
        do throws(LaunchFailure) {
            let facts = try HostProbe().facts(for: definition.app, executable: definition.executable)
            return "auto \(definition.name): for rules named \(names), by \(ShellQuoting.quote(facts.program.words))"
        } catch {
            return "auto \(definition.name): not installed"
        }
    }
}
