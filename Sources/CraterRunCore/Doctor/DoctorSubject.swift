/// An app whose chain is looked at.
package struct DoctorSubject: Sendable {
    package let app: any WebApp
    /// `--executable`, by its variable.
    package let executable: String?
    /// The rule that belongs to it.
    package let selection: RuleSelection
    /// Whether it was asked for; one that was not need not have a rule.
    package let isNamed: Bool
    /// Whether somebody asks for it, here or at a supervisor: then the Pod's label gives Jupyter a rule.
    package let usesLabel: Bool
    /// Whether crater-run knows how it is started; else that is the user's to say.
    package let isKnown: Bool
    /// What starts it by this rule, as one types it.
    package let command: String
    /// What the supervisor says that serves it there; nil if none does.
    package let supervised: ReportedApp?

    package var name: String { app.identity.name }

    /// The rule, if it has one that can be used; of an app that is served by `--port` and `--prefix`, what these say.
    package var rule: IngressRule? {
        if case .found(let rule) = selection { rule } else { nil }
    }

    /// Where it is asked whether it is ready, and which answers count: as the supervisor does that serves it.
    package var readiness: ReadinessPolicy {
        let usual = app.readiness
        guard let path = supervised?.readyPath, let statuses = supervised?.alsoReadyWith,
            path.isEmpty || path.utf8.first == Byte.slash, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return usual }
        return ReadinessPolicy(
            path: path, alsoAccepts: statuses, fatal: usual.fatal, hints: usual.hints, interval: usual.interval)
    }

    /// A known app; `wanted` is the name of a rule that was asked for and that is not what the app's own name means.
    init(
        _ definition: AppDefinition, isNamed: Bool, wanted: String? = nil, in rules: IngressRules,
        served: ServedPlaces
    ) {
        let identity = definition.app.identity
        usesLabel = isNamed || served.has(kind: identity)
        let usual = RuleSelection.choose(for: identity, in: rules, usesLabel: usesLabel)
        let named = wanted.map { RuleSelection.rule(named: $0, in: rules) }.flatMap { $0 == .none ? nil : $0 }
        app = definition.app
        executable = definition.executable
        selection = named ?? served.selection(usual, of: identity, in: rules)
        supervised = served.app(at: selection)
        self.isNamed = isNamed
        isKnown = true
        let option = wanted.flatMap { named == nil || named == usual ? nil : " --rule \(ShellQuoting.quote($0))" }
        command = "crater-run \(identity.name)\(option ?? "")"
    }

    /// Any other app, by its rule's name.
    init(custom name: String, isNamed: Bool, in rules: IngressRules, served: ServedPlaces) {
        let custom = CustomApp(name: name, command: [])
        app = custom
        executable = nil
        selection = served.selection(RuleSelection.rule(named: name, in: rules), of: custom.identity, in: rules)
        supervised = served.app(at: selection)
        self.isNamed = isNamed
        usesLabel = isNamed
        isKnown = false
        command = "crater-run app \(ShellQuoting.quote(name)) -- COMMAND"
    }

    /// The apps to look at: those named, each by its own name or by a rule's; else every known one, and every rule that
    /// is none of theirs.
    ///
    /// - Parameter served: the apps that supervisors have, by name.
    package static func choose(
        names: [String],
        definitions: [AppDefinition],
        rules: IngressRules,
        served: [String: ReportedApp] = [:]
    ) -> [DoctorSubject] {
        let served = ServedPlaces(served)
        guard names.isEmpty else {
            return names.map { name in
                let definition = definitions.first { $0.app.identity.ruleNames.contains(name) }
                guard let definition else {
                    return DoctorSubject(custom: name, isNamed: true, in: rules, served: served)
                }
                let wanted = name == definition.app.identity.name ? nil : name
                return DoctorSubject(definition, isNamed: true, wanted: wanted, in: rules, served: served)
            }
        }
        let known = definitions.map { DoctorSubject($0, isNamed: false, in: rules, served: served) }
        let taken = Set(known.flatMap { $0.selection.candidates.map(\.name) })
        return known
            + rules.rules.filter { rule in
                // A rule with a known app's name is that app's, unless somebody serves it as another.
                let isKnowns = definitions.contains { $0.app.identity.ruleNames.contains(rule.name) }
                return !taken.contains(rule.name) && (!isKnowns || served.has(rule))
            }.map { DoctorSubject(custom: $0.name, isNamed: false, in: rules, served: served) }
    }
}

extension AppIdentity {
    /// Whether an app of this kind may have this name: its own, a rule's, its own with a number behind it as the second one, or
    /// with a pid as that of a second supervisor.
    func isName(_ other: String) -> Bool {
        let start = "\(name)-"
        return ruleNames.contains(other) || other.hasPrefix(start) && Int(other.dropFirst(start.count)) != nil
            || other.hasPrefix("\(name) (pid ")
    }
}

extension RuleSelection {
    /// The rules that it is about.
    var candidates: [IngressRule] {
        switch self {
        case .found(let rule): [rule]
        case .ambiguous(let rules): rules
        case .none, .unusable: []
        }
    }
}
