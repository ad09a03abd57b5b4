/// Which ingress rule the user wants for an app: by the rule's name (`--rule`), by its port (`--port`), by both, or by
/// neither.
package struct RuleWish: Equatable, Sendable {
    package var name: String?
    package var port: UInt16?

    package init(name: String? = nil, port: UInt16? = nil) {
        self.name = name
        self.port = port
    }

    /// A description of the wanted rule for messages.
    ///
    /// - Parameter mentionsUsualPort: whether the description also allows a rule on the app's usual port.
    package func words(for app: AppIdentity, mentionsUsualPort: Bool = true) -> String {
        switch (name, port) {
        case (let name?, nil): return "an ingress rule named \(name)"
        case (let name?, let port?): return "an ingress rule named \(name) on port \(port)"
        case (nil, let port?): return "an ingress rule on port \(port)"
        case (nil, nil):
            let wanted = "an ingress rule named \(app.ruleNames.joined(separator: " or "))"
            guard mentionsUsualPort, let port = app.defaultPort else { return wanted }
            return "\(wanted), or one on port \(port)"
        }
    }

    /// The existing rules and how to choose one of them, as the end of a sentence; nil if there are no rules. If the name
    /// of one rule differs from the wanted name only in capital letters, this rule is offered.
    package func offer(of rules: [IngressRule], for app: AppIdentity) -> String? {
        guard !rules.isEmpty else { return nil }
        let list = rules.map { "\($0.name) (port \($0.port))" }.joined(separator: ", ")
        let condition = port == nil ? "" : " without --port"
        let wanted = name.map { [$0] } ?? app.ruleNames
        let alike = rules.filter { rule in
            !wanted.contains(rule.name) && wanted.contains { $0.lowercased() == rule.name.lowercased() }
        }
        guard alike.count == 1, let rule = alike.first else {
            return "there are: \(list); --rule NAME\(condition) takes one of them"
        }
        return
            "there are: \(list); --rule \(ShellQuoting.quote(rule.name))\(condition) takes the one whose name differs only "
            + "in capital letters"
    }
}
