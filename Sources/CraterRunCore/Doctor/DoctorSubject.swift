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
    package let supervised: SupervisedApp?

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
        served: [String: SupervisedApp] = [:]
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

/// Where supervisors serve which apps. What they say of that goes before what a rule's name tells: `--rule`, `--port` and
/// `--prefix`, and a second app of a kind are known to them alone.
struct ServedPlaces {
    private let apps: [(name: String, app: SupervisedApp)]

    /// - Parameter apps: by name.
    init(_ apps: [String: SupervisedApp]) {
        self.apps = apps.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func has(kind: AppIdentity) -> Bool { apps.contains { kind.isName($0.name) } }

    func has(_ rule: IngressRule) -> Bool { apps.contains { $0.app.isAt(rule) } }

    /// The app that is served by a rule.
    func app(at selection: RuleSelection) -> SupervisedApp? {
        guard case .found(let rule) = selection else { return nil }
        return apps.first { $0.app.isAt(rule) }?.app
    }

    /// The rule that an app is served by, where it is served; else the one that it would have.
    func selection(_ usual: RuleSelection, of kind: AppIdentity, in rules: IngressRules) -> RuleSelection {
        if case .unusable = usual { return usual }
        if usual.candidates.count == 1, usual.candidates.contains(where: has) { return usual }
        // The app with the kind's own name first: others have the names of their rules, or numbers.
        let own = apps.filter { kind.isName($0.name) }
        for (_, app) in own.filter({ $0.name == kind.name }) + own.filter({ $0.name != kind.name }) {
            let all = usual.candidates + rules.rules + [rules.labelRule].compactMap { $0 }
            if let rule = all.first(where: app.isAt) { return .found(rule) }
            // A stranger's word is none for a place that no rule names.
            if app.isFixed, app.stranger == nil, let place = app.place(named: kind.name) { return .found(place) }
        }
        return usual.candidates.first(where: has).map { .found($0) } ?? usual
    }
}

extension AppIdentity {
    /// Whether an app of this kind may have this name: its own, a rule's, its own with a number behind it as the second one, or
    /// with a pid as that of a second supervisor.
    fileprivate func isName(_ other: String) -> Bool {
        let start = "\(name)-"
        return ruleNames.contains(other) || other.hasPrefix(start) && Int(other.dropFirst(start.count)) != nil
            || other.hasPrefix("\(name) (pid ")
    }
}

extension RuleSelection {
    /// The rules that it is about.
    fileprivate var candidates: [IngressRule] {
        switch self {
        case .found(let rule): [rule]
        case .ambiguous(let rules): rules
        case .none, .unusable: []
        }
    }
}
