/// Where an app itself listens, and below which path: all that an app is told of the rule by which it is served.
package struct Backend: Hashable, Sendable {
    /// The name of the rule, for messages and for the placeholder `{name}`.
    package let ruleName: String
    /// Where the app listens. An app listens at a UNIX socket only if it is behind the front door, and can and wants to
    /// (``WebApp/backendWish(on:)``).
    package let listener: DoorBackend
    /// The path below which the app serves.
    package let prefix: PathPrefix
    /// Whether requests come from the front door alone. The app then listens at the loopback address or at a UNIX socket
    /// alone, so that nobody gets past the door.
    package let isBehindDoor: Bool

    package init(ruleName: String, port: UInt16, prefix: PathPrefix, isBehindDoor: Bool = false) {
        self.init(ruleName: ruleName, listener: .port(port), prefix: prefix, isBehindDoor: isBehindDoor)
    }

    package init(ruleName: String, listener: DoorBackend, prefix: PathPrefix, isBehindDoor: Bool) {
        self.ruleName = ruleName
        self.listener = listener
        self.prefix = prefix
        self.isBehindDoor = isBehindDoor
    }

    /// The port at which the app listens, 1…65535; 0 for an app that listens at a UNIX socket.
    package var port: UInt16 { if case .port(let port) = listener { port } else { 0 } }

    /// The path of the app's UNIX socket; nil for an app that listens at a port.
    package var socket: String? { if case .socket(let path) = listener { path } else { nil } }

    /// The IPv4 address at which the app listens: all addresses, or the loopback address.
    package var host: String { isBehindDoor ? Backend.loopback : "0.0.0.0" }

    package static let loopback = "127.0.0.1"
}

extension Backend: CustomStringConvertible {
    /// The place for people, with the loopback address in front of a port behind the door.
    package var description: String { (isBehindDoor && socket == nil ? "\(host), " : "") + address }

    /// The place for people: `port 6006, path /ingress/x/`.
    package var address: String {
        socket.map { "socket \($0), path \(prefix.withTrailingSlash)" }
            ?? IngressAddress(port: port, prefix: prefix).description
    }
}
