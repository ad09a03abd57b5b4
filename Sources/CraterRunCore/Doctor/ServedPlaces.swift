/// The addresses at which supervisors serve apps. They override what a rule's name suggests: only a supervisor knows
/// about `--rule`, `--port`, `--prefix`, and a second app of a kind.
struct ServedPlaces {
    private let apps: [(name: String, app: ReportedApp)]

    /// - Parameter apps: by name.
    init(_ apps: [String: ReportedApp]) {
        self.apps = apps.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func has(kind: AppIdentity) -> Bool { apps.contains { kind.isName($0.name) } }

    func has(_ rule: IngressRule) -> Bool { apps.contains { $0.app.isAt(rule) } }

    /// The app that is served by the selected rule.
    func app(at selection: RuleSelection) -> ReportedApp? {
        guard case .found(let rule) = selection else { return nil }
        return apps.first { $0.app.isAt(rule) }?.app
    }

    /// The rule by which the app is served, if it is served; else the rule that it would have.
    func selection(_ usual: RuleSelection, of kind: AppIdentity, in rules: IngressRules) -> RuleSelection {
        if case .unusable = usual { return usual }
        if usual.candidates.count == 1, usual.candidates.contains(where: has) { return usual }
        // The app with the kind's own name comes first: others have the names of their rules, or numbers.
        let own = apps.filter { kind.isName($0.name) }
        for (_, app) in own.filter({ $0.name == kind.name }) + own.filter({ $0.name != kind.name }) {
            let all = usual.candidates + rules.rules + [rules.labelRule].compactMap { $0 }
            if let rule = all.first(where: app.isAt) { return .found(rule) }
            // Another user's supervisor is not believed about an address that no rule names.
            if app.isFixed || app.isBelowHome, app.stranger == nil, let place = app.place(named: kind.name) {
                return .found(place)
            }
        }
        return usual.candidates.first(where: has).map { .found($0) } ?? usual
    }
}
