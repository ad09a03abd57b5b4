/// Checks one app: its rule, its program, and what is at its port.
struct AppDiagnosis {
    let appFacts: AppFacts
    let facts: DoctorFacts

    init(_ appFacts: AppFacts, _ facts: DoctorFacts) {
        self.appFacts = appFacts
        self.facts = facts
    }

    var subject: DoctorSubject { appFacts.subject }
    var name: String { subject.name }

    /// - Parameter knowsRules: whether the annotations could be read.
    func checks(knowsRules: Bool) -> [DoctorCheck] {
        let isFixed = subject.supervised.map { $0.isFixed || $0.isBelowHome } ?? false
        var checks = [knowsRules || isFixed ? rule : skipped(.rule, "not looked for: no annotation could be read")]
        checks += [executable, SupervisorDiagnosis.check(subject, facts.supervisor)].compactMap { $0 }
        guard let rule = subject.rule, let port = appFacts.port else {
            // Nothing more can be said of an app that nobody asked for and that has no rule.
            guard subject.isNamed || subject.selection != .none else { return checks }
            let why = "not looked at: there is no rule to go by"
            return checks + [skipped(.port, why), skipped(.listening, why), skipped(.answer, why)]
        }
        if let door = DoorDiagnosis(app: self, rule: rule, port: port) { return checks + door.checks }
        return (checks + PortDiagnosis(app: self, rule: rule, port: port).checks).map(agreed)
    }

    /// Turns a failure into a skipped check, with its message, if the supervisor finds the app ready. The supervisor
    /// knows how it started the app, and probes it all the time.
    private func agreed(_ check: DoctorCheck) -> DoctorCheck {
        guard check.status == .failed, subject.supervised?.isReady ?? false else { return check }
        switch check.link {
        case .executable where isRunning(appFacts.program): return check
        case .executable, .port, .listening, .answer:
            return skipped(check.link, "\(check.message); but crater-run finds it ready")
        default: return check
        }
    }

    /// Whether the process at the app's port runs this program, and not one that was found elsewhere.
    private func isRunning(_ program: ProgramFacts?) -> Bool {
        guard case .found(let words, _, _, _, let file) = program, let rule = subject.rule else { return false }
        let paths = [words.first, file].compactMap { $0 }
        // A script's path follows its interpreter's.
        return facts.network.holders(of: rule.port).contains { holder in
            holder.words.prefix(2).contains { paths.contains($0) }
        }
    }

    private var rule: DoctorCheck {
        switch subject.selection {
        case .found(let rule) where subject.supervised?.isFixed ?? false:
            let url = AccessURL(of: rule, publicHost: facts.publicHost)
            var message = "by no rule: crater-run serves it at port \(rule.port), \(url), as --port and --prefix say"
            if case .found(let other)? = facts.rules.map({ RuleSelection.choose(for: subject.app.identity, in: $0) }) {
                message +=
                    ". Nobody serves its rule \(other.name) (\(other.address)): without --port and --prefix it follows that"
            }
            return skipped(.rule, message)
        case .found(let rule) where subject.supervised?.isBelowHome ?? false:
            let url = AccessURL(of: rule, publicHost: facts.publicHost)
            return .ok(.rule, app: name, "below the home page, by the home page's rule: port \(rule.port), \(url)")
        case .found(let rule):
            let url = AccessURL(of: rule, publicHost: facts.publicHost)
            let source =
                rule == facts.rules?.labelRule
                ? "by the label \(LabelFallback.key), since no annotation is its rule" : "by the rule \(rule.name)"
            return .ok(.rule, app: name, "\(source): port \(rule.port), \(url)")
        case .none:
            guard subject.isNamed else {
                let derived = subject.app.identity == .jupyter ? facts.rules?.labelRule : nil
                let more = derived.map { ". If it is asked for, it is served \(RulesDiagnosis.derived($0))" } ?? ""
                return skipped(.rule, "it has none: \(wanted) would be its\(more)")
            }
            return .failed(
                .rule,
                app: name,
                facts.rules.flatMap {
                    subject.selection.failureMessage(for: subject.app.identity, wish: RuleWish(), in: $0)
                } ?? "it has no rule",
                remedy: "On the job's page, add \(wanted).\(alternative)"
            )
        case .ambiguous(let rules):
            let first = rules.first.map { ShellQuoting.quote($0.name) } ?? "NAME"
            return .failed(
                .rule,
                app: name,
                subject.selection.failureMessage(for: name) ?? "it has several rules",
                remedy: "Say which one: crater-run \(name) --rule \(first). Or remove the others on the job's page."
            )
        case .unusable(let problem):
            return skipped(.rule, "its rule \(problem.ruleName) cannot be used, as said above")
        }
    }

    /// What the user may have meant instead of a rule that is missing.
    private var alternative: String {
        if subject.app.identity == .jupyter {
            return
                " (Or the pod has the label \(LabelFallback.key), <user>-<5 hexadecimal digits>, in the file labels beside "
                + "the annotations.)"
        }
        let apps = AppIdentity.all.map(\.name).joined(separator: ", ")
        return subject.isKnown ? "" : " If an app was meant: there are \(apps)."
    }

    /// The rule that the app would use.
    private var wanted: String {
        let identity = subject.app.identity
        let port = identity.defaultPort.map { ", or one on port \($0)" } ?? ""
        return "an ingress rule with the name \(PrintableText.escape(name.utf8, limit: 80))\(port)"
    }

    /// The check of the program; nil for an app whose command is the user's own.
    private var executable: DoctorCheck? {
        switch appFacts.program {
        case nil:
            return nil
        case .found(let words, let version, let notes, let lack, _):
            let number = version.map { "version \($0)" } ?? "version not known without starting it"
            let more = (notes + [lack?.message].compactMap { $0 }).map { "; \($0)" }.joined()
            let message = "\(ShellQuoting.quote(words)), \(number)\(more)"
            return lack.map { .failed(.executable, app: name, message, remedy: $0.remedy) }
                ?? .ok(.executable, app: name, message)
        case .failed(let failure):
            // crater-run was given another program, or finds another one in another PATH.
            if let supervised = subject.supervised, supervised.hasProgram {
                let how = supervised.pid.map { "runs it (pid \($0))" } ?? "starts it"
                return skipped(
                    .executable,
                    "crater-run \(how), with another program than the one found here: \(failure.reason)")
            }
            // An app that was started by a program that crater-run does not find still serves.
            if let outcome = appFacts.port?.underPrefix, outcome.status.map(subject.readiness.accepts) ?? false {
                return skipped(.executable, "crater-run itself could not start it: \(failure.reason)")
            }
            if !subject.isNamed && subject.selection == .none {
                return skipped(.executable, "not installed")
            }
            return .failed(
                .executable, app: name, "cannot start \(name): \(failure.reason)", remedy: remedy(for: failure))
        }
    }

    private func remedy(for failure: LaunchFailure) -> String {
        let option = "--executable PATH (\(subject.app.identity.executableVariable))"
        switch failure {
        case .notFound, .missing: break
        case .notExecutable, .misconfigured, .portBusy, .temporary, .noKey:
            return "Make it executable, or name another with \(option)."
        }
        let places = failure.places.isEmpty ? "" : "\nIt was looked for at: \(failure.places.joined(separator: ", "))"
        return "Install it, in the image or here: \(subject.app.installation). If it is somewhere else, name it with "
            + "\(option).\(places)"
    }

    func skipped(_ link: DoctorCheck.Link, _ message: String) -> DoctorCheck {
        .skipped(link, app: name, message)
    }
}
