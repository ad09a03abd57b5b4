/// The rules that open apps by their names, and have no app yet.
package struct AutomaticRules: Sendable {
    /// The apps that rules may open.
    let definitions: [AppDefinition]
    /// The rules whose port cannot be used, because a process that is not crater-run's listens there: by name.
    package internal(set) var external: [String: IngressRule] = [:]
    /// The rules whose port is being checked: by name.
    var checking: [String: IngressRule] = [:]
    /// When the job's time to take ports ends; nil without a job, and after that time.
    var startAt: MonotonicInstant?
    /// The names of the rules for which a log line has said that they have to wait.
    var saidDelayed: Set<String> = []

    init(definitions: [AppDefinition]) { self.definitions = definitions }

    /// The app that a rule opens by its name; nil if it opens none.
    func definition(for rule: IngressRule) -> AppDefinition? {
        definitions.first { $0.app.identity.ruleNames.contains(rule.name) }
    }

    /// The rules that open an app, in the order in which they are served. Rules with an app's own name come first, so
    /// that their apps get that name.
    func wanted(among rules: [IngressRule]) -> [IngressRule] {
        let names = definitions.map(\.name)
        let known = rules.filter { definition(for: $0) != nil }
        return known.filter { names.contains($0.name) } + known.filter { !names.contains($0.name) }
    }

    /// Forgets the rules that no longer exist. A rule whose address has changed is forgotten too: its port is checked
    /// again.
    mutating func forgetAllBut(_ wanted: [IngressRule]) {
        func isWanted(_ rule: IngressRule) -> Bool {
            wanted.contains { $0.name == rule.name && $0.address == rule.address }
        }
        checking = checking.filter { isWanted($0.value) }
        external = external.filter { isWanted($0.value) }
    }
}
