/// An app that the doctor checks.
package struct DoctorSubject: Sendable {
    package let app: any WebApp
    /// `--executable`, from its environment variable.
    package let executable: String?
    /// The ingress rule that belongs to the app.
    package let selection: RuleSelection
    /// Whether the user asked for the app. An app that nobody asked for need not have a rule.
    package let isNamed: Bool
    /// Whether the user asks for the app, here or at a supervisor. Only then does the Pod's label give Jupyter a rule.
    package let usesLabel: Bool
    /// Whether crater-run knows how to start the app; if not, the user gives the command.
    package let isKnown: Bool
    /// The command that starts the app by this rule, as the user types it.
    package let command: String
    /// What the supervisor that serves the app says about it; nil if no supervisor does.
    package let supervised: ReportedApp?

    package var name: String { app.identity.name }

    /// The app's rule, if it has a usable one. For an app that is served by `--port` and `--prefix`, a rule made from
    /// them.
    package var rule: IngressRule? {
        if case .found(let rule) = selection { rule } else { nil }
    }

    /// How to ask whether the app is ready, and which statuses count: as its supervisor does, if it has one.
    package var readiness: ReadinessPolicy {
        let usual = app.readiness
        guard let path = supervised?.readyPath, let statuses = supervised?.alsoReadyWith,
            path.isEmpty || path.utf8.first == Byte.slash, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return usual }
        return ReadinessPolicy(
            path: path, alsoAccepts: statuses, fatal: usual.fatal, hints: usual.hints, interval: usual.interval)
    }

    /// A known app. `wanted` is the name of a rule that was asked for, if it is not the app's own name.
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

    /// Any other app, by the name of its rule.
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

    /// The apps to check: those named, each by its own name or by a rule's; without names, every known app, and every
    /// rule that belongs to none of them.
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
                // A rule with a known app's name is that app's, unless a supervisor serves it as another app.
                let isKnowns = definitions.contains { $0.app.identity.ruleNames.contains(rule.name) }
                return !taken.contains(rule.name) && (!isKnowns || served.has(rule))
            }.map { DoctorSubject(custom: $0.name, isNamed: false, in: rules, served: served) }
    }
}

extension AppIdentity {
    /// Whether an app of this kind may have this name: its own name, a rule's name, its own name with a number (a
    /// second app of the kind), or with a pid (an app of a second supervisor).
    func isName(_ other: String) -> Bool {
        let start = "\(name)-"
        return ruleNames.contains(other) || other.hasPrefix(start) && Int(other.dropFirst(start.count)) != nil
            || other.hasPrefix("\(name) (pid ")
    }
}

extension RuleSelection {
    /// The rules that the selection names.
    var candidates: [IngressRule] {
        switch self {
        case .found(let rule): [rule]
        case .ambiguous(let rules): rules
        case .none, .unusable: []
        }
    }
}
