/// Where a person opens an app: `https://<host><prefix>/`, or the path alone while the host is not known.
package struct AccessURL: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// A rule's own host is where its ingress is; `publicHost` stands in for the rules that name none.
    package init(of rule: IngressRule, publicHost: PublicHost? = nil) {
        let host = rule.publicHost ?? publicHost?.description
        description = (host.map { "https://" + $0 } ?? "") + rule.prefix.withTrailingSlash
    }
}
