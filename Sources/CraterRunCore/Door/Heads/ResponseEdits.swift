/// What a route changes in responses, beyond what HTTP itself asks of a proxy.
package struct ResponseEdits: Equatable, Sendable {
    /// The prefix outside: no service worker of the app gets a wider scope.
    package var prefix: PrefixBytes
    /// Where the app's own addresses are put below the prefix; nil where the app knows its prefix.
    package var stripping: AppAddresses?
    /// Whether none of the app's cookies leaves the prefix.
    package var clampsCookies: Bool

    package init(prefix: PrefixBytes, stripping: AppAddresses? = nil, clampsCookies: Bool = false) {
        self.clampsCookies = clampsCookies
        self.prefix = prefix
        self.stripping = stripping
    }
}
