/// The URL at which a person opens an app: `https://<host><prefix>/`, or the path alone if the host is not known.
package struct AccessURL: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Uses the rule's own host, or `publicHost` if the rule names no host.
    ///
    /// - Parameter page: the page to open below the prefix, with a leading slash; empty for the prefix itself.
    package init(of rule: IngressRule, page: String = "", publicHost: PublicHost? = nil) {
        let host = rule.publicHost ?? publicHost?.description
        description =
            (host.map { "https://" + $0 } ?? "")
            + (page.isEmpty ? rule.prefix.withTrailingSlash : rule.prefix.appending(page))
    }
}
