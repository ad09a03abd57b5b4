/// Interprets what a supervisor says.
enum SupervisorDiagnosis {
    /// The check of the supervisor itself; nil if the supervisor was not asked.
    static func check(_ supervisor: SupervisorFacts) -> DoctorCheck? {
        switch supervisor {
        case .notAsked: nil
        case .none: .skipped(.supervisor, "no crater-run looks after apps here now")
        case .stale(let path):
            .failed(
                .supervisor,
                "a crater-run that looked after apps was killed: nobody answers at \(PrintableText.escape(path.utf8)), "
                    + "which it left behind",
                remedy:
                    "Start crater-run again as before, such as crater-run tensorboard: it replaces what is left there. Under "
                    + "crater-run up that is done by itself within a minute; if not, start the job anew. An app that still runs "
                    + "is named further below."
            )
        case .elsewhere(let pid):
            .skipped(
                .supervisor,
                "a crater-run runs as pid \(pid), but its control socket, if it has one, is not where CRATER_RUN_DIR says here"
            )
        case .hidden(let pid, let reason):
            .failed(
                .supervisor,
                "a crater-run looks after apps here (pid \(pid)), and cannot be asked: \(PrintableText.escape(reason.utf8))",
                remedy:
                    "Name a directory in CRATER_RUN_DIR, for it and for the commands that ask it, in which its user alone (or "
                    + "root) can write, and above which nobody else can rename anything. Until then it answers probes over TCP."
            )
        case .silent(let reason):
            .failed(
                .supervisor,
                "a crater-run looks after apps here, and does not answer: \(PrintableText.escape(reason.utf8))",
                remedy:
                    "Under crater-run up it is started again by itself within half a minute; if not, start the job anew."
            )
        case .answers(let apps, nil):
            .ok(.supervisor, apps.isEmpty ? "it answers, and serves no app" : "it answers: \(list(apps))")
        case .answers(let apps, let port?):
            .ok(
                .supervisor,
                "one answers at port \(port), of this container or of another one of the pod: "
                    + (apps.isEmpty ? "it serves no app" : list(apps))
                    + ". It has no control socket that can be found from here, so status, start and stop do not work: give it a "
                    + "directory that it can write to (CRATER_RUN_DIR), or say here which it has"
            )
        }
    }

    private static func list(_ apps: [String: ReportedApp]) -> String {
        apps.sorted { $0.key < $1.key }.map { "\(PrintableText.escape($0.key.utf8)) is \($0.value.state)" }
            .joined(separator: ", ")
    }

    /// What the supervisor says about an app, compared with the rule that the app has now.
    static func check(_ subject: DoctorSubject, _ supervisor: SupervisorFacts) -> DoctorCheck? {
        guard let apps = supervisor.apps, let name = account(of: subject, in: apps), let app = apps[name] else {
            return nil
        }
        return check(subject.name, app, selection: subject.selection, command: subject.command)
    }

    /// The name under which a supervisor has the app. One of two apps of a kind has its rule's name instead of its own.
    private static func account(of subject: DoctorSubject, in apps: [String: ReportedApp]) -> String? {
        let own = apps[subject.name] == nil ? nil : subject.name
        guard let rule = subject.rule else { return own }
        // The front door serves several apps at one port.
        let there = apps.filter { $0.value.port == rule.port && !$0.value.isBelowHome }.map(\.key)
        return apps.first { $0.value.isAt(rule) }?.key ?? (there.count == 1 ? there.first : own)
    }

    /// What the supervisor says about apps that no other line is about.
    static func checksOfOthers(_ facts: DoctorFacts) -> [DoctorCheck] {
        guard let apps = facts.supervisor.apps else { return [] }
        let said = Set(facts.apps.compactMap { account(of: $0.subject, in: apps) })
        return apps.sorted { $0.key < $1.key }
            .filter { !said.contains($0.key) && (facts.names.isEmpty || facts.names.contains($0.key)) }
            .map { check($0.key, $0.value, selection: .none, command: nil) }
    }

    /// Judges what a supervisor says about an app. What another user's supervisor says is never a failure.
    private static func check(
        _ name: String,
        _ app: ReportedApp,
        selection: RuleSelection,
        command: String?
    ) -> DoctorCheck {
        let check = judge(name, app, selection: selection, command: command)
        return app.stranger == nil || check.status != .failed ? check : .skipped(.serving, app: name, check.message)
    }

    private static func judge(
        _ name: String,
        _ app: ReportedApp,
        selection: RuleSelection,
        command: String?
    ) -> DoctorCheck {
        if case .found(let rule) = selection, let difference = difference(of: app, from: rule) {
            return .failed(
                .serving,
                app: name,
                "crater-run serves it at \(difference.own), and the rule \(rule.name) says \(difference.rules): it was started "
                    + "with the wrong \(difference.flag)",
                remedy:
                    "Start it without \(difference.flag), so that it follows the rule: \(command ?? "crater-run \(name)"). "
                    + "(Or with --on-rule-change relaunch, if it was started with keep.)"
            )
        }
        let whose = app.stranger.map { ", according to a crater-run of user \($0), which may be false" } ?? ""
        let state = "it is \(app.state)\(whose)" + (app.reason.map { ": \(PrintableText.escape($0.utf8))" } ?? "")
        if app.isUnusable {
            return .failed(
                .serving, app: name, state,
                remedy:
                    "Mend the line where the container's command and environment are set (--app, CRATER_RUN_APPS), and start "
                    + "the container again." + (command.map { " Until then, by hand: \($0)" } ?? ""))
        }
        switch AppState(rawValue: app.state) {
        case .backingOff where app.reason?.contains(AppHistory.sameWay) ?? false:
            return .failed(
                .serving, app: name, state,
                remedy:
                    "Mend this cause. crater-run tries again within a minute, and the log has nothing new from \(name) as long "
                    + "as this repeats. To try at once, with its output in the log: crater-run restart \(name).")
        case .failed where app.lacksProgram:
            return .failed(
                .serving, app: name, state,
                remedy: "Mend this cause, as is said above for its program. Then start it: crater-run restart \(name)")
        case .failed, .unready, .backingOff:
            let again =
                app.state == AppState.failed.rawValue
                ? "crater-run has given it up. When that is mended, start it again: crater-run restart \(name)."
                : "crater-run goes on trying by itself."
            return .failed(
                .serving, app: name, state,
                remedy: "See in the log what \(name) itself says, on the lines that begin with [\(name)]. \(again)")
        case .waiting:
            return .failed(.serving, app: name, state, remedy: remedy(forWaiting: selection))
        case .stopped, .stopping: return .skipped(.serving, app: name, state)
        case .asleep: return .ok(.serving, app: name, "\(state); a visit starts it")
        // What it says before it is ready may be a fault, which other lines are about.
        case .starting where app.reason != nil: return .skipped(.serving, app: name, state)
        case .starting, .ready, nil: return .ok(.serving, app: name, state)
        }
    }

    private static func remedy(forWaiting selection: RuleSelection) -> String {
        switch selection {
        case .found: "The rule is there now: look again in a minute. If it still waits, see the line updates above."
        case .none: "Add its ingress rule on the job's page; it is started as soon as the rule arrives."
        case .ambiguous(let rules):
            "Remove all but one of these rules on the job's page; it is started then. Or say which one, with --rule "
                + "\(rules.first.map { ShellQuoting.quote($0.name) } ?? "NAME") in its line of --app or CRATER_RUN_APPS, and "
                + "start the job anew."
        case .unusable(let problem):
            "Mend its rule \(PrintableText.escape(problem.ruleName.utf8)) on the job's page; it is started then."
        }
    }

    /// Where the app's address differs from the rule's; nil if it does not.
    private static func difference(
        of app: ReportedApp,
        from rule: IngressRule
    ) -> (own: String, rules: String, flag: String)? {
        if let port = app.port, port != rule.port { return ("port \(port)", "port \(rule.port)", "--port") }
        guard let prefix = app.prefix, (try? PathPrefix(prefix)) != rule.prefix else { return nil }
        return (PrintableText.escape(prefix.utf8), rule.prefix.withTrailingSlash, "--prefix")
    }
}
