/// The rules that open apps by their names, until each has an app.
package struct AutomaticRules: Sendable {
    /// The apps that rules may open.
    let definitions: [AppDefinition]
    /// Rules whose port is not to be had, because somebody who is not ours listens there: by name.
    package internal(set) var external: [String: IngressRule] = [:]
    /// Rules whose port is being checked: by name.
    var checking: [String: IngressRule] = [:]
    /// When the job's time to take ports is over; nil without a job, and afterwards.
    var startAt: MonotonicInstant?
    /// The rules of which it was said that they have to wait.
    var saidDelayed: Set<String> = []

    init(definitions: [AppDefinition]) { self.definitions = definitions }

    /// The app that a rule's name calls for.
    func definition(for rule: IngressRule) -> AppDefinition? {
        definitions.first { $0.app.identity.ruleNames.contains(rule.name) }
    }

    /// The rules that call for an app, in the order in which they are served: an app's own name belongs to the rule that has it.
    func wanted(among rules: [IngressRule]) -> [IngressRule] {
        let names = definitions.map(\.name)
        let known = rules.filter { definition(for: $0) != nil }
        return known.filter { names.contains($0.name) } + known.filter { !names.contains($0.name) }
    }

    /// Forgets the rules that are not there any more; a rule that has moved is another question.
    mutating func forgetAllBut(_ wanted: [IngressRule]) {
        func isWanted(_ rule: IngressRule) -> Bool {
            wanted.contains { $0.name == rule.name && $0.address == rule.address }
        }
        checking = checking.filter { isWanted($0.value) }
        external = external.filter { isWanted($0.value) }
    }
}
