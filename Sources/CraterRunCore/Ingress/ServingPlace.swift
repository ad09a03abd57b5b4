/// The two addresses of an app that is served: the one outside, and the one that the app itself has.
///
/// The ingress forwards requests to the app directly, so the port and the prefix of both are equal.
package struct ServingPlace: Hashable, Sendable {
    /// The address outside: the rule whose port the ingress forwards to, and whose URL a person opens.
    package let outside: IngressRule
    /// The address of the app.
    package let backend: Backend

    package init(outside: IngressRule, backend: Backend) {
        self.outside = outside
        self.backend = backend
    }

    /// - Parameter rule: the app listens at the rule's own port, below the rule's own prefix.
    package init(direct rule: IngressRule) {
        outside = rule
        backend = Backend(ruleName: rule.name, port: rule.port, prefix: rule.prefix)
    }
}
