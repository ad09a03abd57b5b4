/// Where an app itself listens, and below which path: all that an app is told of the rule by which it is served.
package struct Backend: Hashable, Sendable {
    /// The name of the rule, for messages and for the placeholder `{name}`.
    package let ruleName: String
    /// The port at which the app listens, 1…65535.
    package let port: UInt16
    /// The path below which the app serves.
    package let prefix: PathPrefix

    package init(ruleName: String, port: UInt16, prefix: PathPrefix) {
        self.ruleName = ruleName
        self.port = port
        self.prefix = prefix
    }

    package var address: IngressAddress { IngressAddress(port: port, prefix: prefix) }
}
