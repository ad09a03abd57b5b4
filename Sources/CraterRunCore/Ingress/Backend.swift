/// Where an app itself listens, and below which path: all that an app is told of the rule by which it is served.
package struct Backend: Hashable, Sendable {
    /// The name of the rule, for messages and for the placeholder `{name}`.
    package let ruleName: String
    /// The port at which the app listens, 1…65535.
    package let port: UInt16
    /// The path below which the app serves.
    package let prefix: PathPrefix
    /// Whether requests come from the front door alone. The app then listens at the loopback address alone, so that
    /// nobody gets past the door.
    package let isBehindDoor: Bool

    package init(ruleName: String, port: UInt16, prefix: PathPrefix, isBehindDoor: Bool = false) {
        self.ruleName = ruleName
        self.port = port
        self.prefix = prefix
        self.isBehindDoor = isBehindDoor
    }

    package var address: IngressAddress { IngressAddress(port: port, prefix: prefix) }

    /// The IPv4 address at which the app listens: all addresses, or the loopback address.
    package var host: String { isBehindDoor ? Backend.loopback : "0.0.0.0" }

    package static let loopback = "127.0.0.1"
}
