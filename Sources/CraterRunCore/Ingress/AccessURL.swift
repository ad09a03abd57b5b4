/// The URL at which a person opens an app: `https://<host><prefix>/`, or the path alone if the host is not known.
package struct AccessURL: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Uses the rule's own host, or `publicHost` if the rule names no host.
    package init(of rule: IngressRule, publicHost: PublicHost? = nil) {
        let host = rule.publicHost ?? publicHost?.description
        description = (host.map { "https://" + $0 } ?? "") + rule.prefix.withTrailingSlash
    }
}
