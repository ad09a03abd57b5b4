/// Where supervisors serve which apps. What they say of that goes before what a rule's name tells: `--rule`, `--port` and
/// `--prefix`, and a second app of a kind are known to them alone.
struct ServedPlaces {
    private let apps: [(name: String, app: ReportedApp)]

    /// - Parameter apps: by name.
    init(_ apps: [String: ReportedApp]) {
        self.apps = apps.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func has(kind: AppIdentity) -> Bool { apps.contains { kind.isName($0.name) } }

    func has(_ rule: IngressRule) -> Bool { apps.contains { $0.app.isAt(rule) } }

    /// The app that is served by a rule.
    func app(at selection: RuleSelection) -> ReportedApp? {
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
