/// What a user says of the ingress rule for an app: its name (`--rule`), its port (`--port`), both, or nothing.
package struct RuleWish: Equatable, Sendable {
    package var name: String?
    package var port: UInt16?

    package init(name: String? = nil, port: UInt16? = nil) {
        self.name = name
        self.port = port
    }

    /// The rule that would do, for a person.
    ///
    /// - Parameter mentionsUsualPort: whether a rule on the app's usual port is named too.
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

    /// Which rules there are instead, and how to take one of them, as the end of a sentence; nil if there is none.
    package func offer(of rules: [IngressRule]) -> String? {
        guard !rules.isEmpty else { return nil }
        let list = rules.map { "\($0.name) (port \($0.port))" }.joined(separator: ", ")
        let condition = port == nil ? "" : " without --port"
        return "there are: \(list); --rule NAME\(condition) takes one of them"
    }
}
