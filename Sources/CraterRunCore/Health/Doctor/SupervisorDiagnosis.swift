/// What a supervisor's own account means.
enum SupervisorDiagnosis {
    /// The line about the supervisor itself; none where it was not asked.
    static func check(_ look: SupervisorLook) -> DoctorCheck? {
        switch look {
        case .notAsked: nil
        case .none: .skipped(.supervisor, "no crater-run looks after apps here now")
        case .stale(let path):
            .failed(
                .supervisor,
                "a crater-run that looked after apps was killed: nobody answers at \(GoQuotedString.escaped(path.utf8)), "
                    + "which it left behind",
                remedy:
                    "Start crater-run again as before, such as crater-run tensorboard: it replaces what is left there. Under "
                    + "crater-run up that is done by itself within a minute; if not, start the job anew. An app that still runs "
                    + "is named further below."
            )
        case .elsewhere(let pid):
            .skipped(
                .supervisor,
                "a crater-run runs as pid \(pid), and its control socket is not where CRATER_RUN_DIR says here, if it has one"
            )
        case .hidden(let pid, let reason):
            .failed(
                .supervisor,
                "a crater-run looks after apps here (pid \(pid)), and cannot be asked: \(GoQuotedString.escaped(reason.utf8))",
                remedy:
                    "Name a directory in CRATER_RUN_DIR, for it and for the commands that ask it, in which its user alone (or "
                    + "root) can write, and above which nobody else can rename anything. Until then it answers probes over TCP."
            )
        case .silent(let reason):
            .failed(
                .supervisor,
                "a crater-run looks after apps here, and does not answer: \(GoQuotedString.escaped(reason.utf8))",
                remedy:
                    "Under crater-run up it is started again by itself within half a minute; if not, start the job anew."
            )
        case .answers(let apps):
            .ok(
                .supervisor,
                apps.isEmpty
                    ? "it answers, and serves no app"
                    : "it answers: "
                        + apps.sorted { $0.key < $1.key }.map { "\($0.key) is \($0.value.state)" }
                        .joined(separator: ", ")
            )
        }
    }

    /// The supervisor's account of an app, beside the rule that the app has now.
    static func check(_ subject: DoctorSubject, _ look: SupervisorLook) -> DoctorCheck? {
        guard case .answers(let apps) = look else { return nil }
        // Of two apps of a kind one has the rule's name, and not its own.
        let there = subject.rule.flatMap { rule in apps.values.first { $0.port == rule.port } }
        guard let app = there ?? apps[subject.name] else { return nil }
        return check(subject.name, app, rule: subject.rule, command: subject.command)
    }

    /// The accounts of apps that nothing else is said of.
    static func checksOfOthers(_ facts: DoctorFacts) -> [DoctorCheck] {
        guard case .answers(let apps) = facts.supervisor else { return [] }
        let known = Set(facts.apps.map(\.subject.name))
        return apps.sorted { $0.key < $1.key }
            .filter { !known.contains($0.key) && (facts.names.isEmpty || facts.names.contains($0.key)) }
            .map { check($0.key, $0.value, rule: nil, command: nil) }
    }

    private static func check(
        _ name: String,
        _ app: SupervisedApp,
        rule: IngressRule?,
        command: String?
    ) -> DoctorCheck {
        if let rule, let difference = difference(of: app, from: rule) {
            return .failed(
                .serving,
                app: name,
                "crater-run serves it at \(difference.own), and the rule \(rule.name) says \(difference.rules): it was started "
                    + "with the wrong \(difference.flag)",
                remedy:
                    "Start it without \(difference.flag), so that it follows the rule: \(command ?? "crater-run \(name)"). "
                    + "(Or with --on-rule-change relaunch, where keep is what holds it back.)"
            )
        }
        let state = "it is \(app.state)" + (app.reason.map { ": \(GoQuotedString.escaped($0.utf8))" } ?? "")
        switch AppState(rawValue: app.state) {
        case .failed, .unready, .backingOff:
            let again =
                app.state == AppState.failed.rawValue
                ? "crater-run has given it up. When that is mended, start it again: crater-run restart \(name)."
                : "crater-run goes on trying by itself."
            return .failed(
                .serving, app: name, state,
                remedy: "See in the log what \(name) itself says, on the lines that begin with [\(name)]. \(again)")
        case .waiting:
            return .failed(
                .serving, app: name, state,
                remedy: rule == nil
                    ? "Add its ingress rule on the job's page; it is started as soon as the rule arrives."
                    : "The rule is there now: look again in a minute. If it still waits, see the line updates above.")
        case .stopped, .stopping: return .skipped(.serving, app: name, state)
        case .starting, .ready, nil: return .ok(.serving, app: name, state)
        }
    }

    /// Where what is served is not what the rule says.
    private static func difference(
        of app: SupervisedApp,
        from rule: IngressRule
    ) -> (own: String, rules: String, flag: String)? {
        if let port = app.port, port != rule.port { return ("port \(port)", "port \(rule.port)", "--port") }
        guard let prefix = app.prefix, (try? PathPrefix(prefix)) != rule.prefix else { return nil }
        return (GoQuotedString.escaped(prefix.utf8), rule.prefix.withTrailingSlash, "--prefix")
    }
}
