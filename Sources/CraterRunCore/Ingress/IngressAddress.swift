/// The port and the prefix at which an app is served. An app is relaunched when its rule's address changes.
package struct IngressAddress: Hashable, Sendable, CustomStringConvertible {
    package let port: UInt16
    package let prefix: PathPrefix

    package var description: String { "port \(port), path \(prefix.withTrailingSlash)" }
}

extension IngressRule {
    package var address: IngressAddress { IngressAddress(port: port, prefix: prefix) }

    /// The same rule, with `host` for its access URL if the rule names no host.
    package func reachable(at host: PublicHost?) -> IngressRule {
        IngressRule(name: name, port: port, prefix: prefix, publicHost: publicHost ?? host?.description)
    }
}
