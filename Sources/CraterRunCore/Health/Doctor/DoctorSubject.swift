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

    package var name: String { app.identity.name }

    /// The rule, if it has one that can be used.
    package var rule: IngressRule? {
        if case .found(let rule) = selection { rule } else { nil }
    }

    /// A known app; `wanted` is the name of a rule that was asked for and that is not what the app's own name means.
    init(
        _ definition: AppDefinition, isNamed: Bool, isServed: Bool = false, wanted: String? = nil,
        in rules: IngressRules
    ) {
        let identity = definition.app.identity
        usesLabel = isNamed || isServed
        let usual = RuleSelection.choose(for: identity, in: rules, usesLabel: usesLabel)
        let named = wanted.map { RuleSelection.rule(named: $0, in: rules) }.flatMap { $0 == .none ? nil : $0 }
        app = definition.app
        executable = definition.executable
        selection = named ?? usual
        self.isNamed = isNamed
        isKnown = true
        let option = wanted.flatMap { named == nil || named == usual ? nil : " --rule \(ShellQuoting.quote($0))" }
        command = "crater-run \(identity.name)\(option ?? "")"
    }

    /// Any other app, by its rule's name.
    init(custom name: String, isNamed: Bool, in rules: IngressRules) {
        app = CustomApp(name: name, command: [])
        executable = nil
        selection = RuleSelection.rule(named: name, in: rules)
        self.isNamed = isNamed
        usesLabel = isNamed
        isKnown = false
        command = "crater-run app \(ShellQuoting.quote(name)) -- COMMAND"
    }

    /// The apps to look at: those named, each by its own name or by a rule's; else every known one, and every rule that
    /// is none of theirs.
    ///
    /// - Parameter served: the names of the apps that supervisors have.
    package static func choose(
        names: [String],
        definitions: [AppDefinition],
        rules: IngressRules,
        served: Set<String> = []
    ) -> [DoctorSubject] {
        guard names.isEmpty else {
            return names.map { name in
                let definition = definitions.first { $0.app.identity.ruleNames.contains(name) }
                guard let definition else { return DoctorSubject(custom: name, isNamed: true, in: rules) }
                let wanted = name == definition.app.identity.name ? nil : name
                return DoctorSubject(definition, isNamed: true, wanted: wanted, in: rules)
            }
        }
        let known = definitions.map {
            DoctorSubject($0, isNamed: false, isServed: $0.app.identity.isAmong(served), in: rules)
        }
        let taken = Set(known.flatMap { $0.selection.candidates.map(\.name) })
        return known
            + rules.rules.filter { !taken.contains($0.name) }.map {
                DoctorSubject(custom: $0.name, isNamed: false, in: rules)
            }
    }
}

extension AppIdentity {
    /// Whether an app of this kind is among those of these names: a second one has a number behind its name.
    fileprivate func isAmong(_ names: Set<String>) -> Bool {
        names.contains { other in
            guard other != name else { return true }
            let start = "\(name)-"
            return other.hasPrefix(start) && Int(other.dropFirst(start.count)) != nil
        }
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
