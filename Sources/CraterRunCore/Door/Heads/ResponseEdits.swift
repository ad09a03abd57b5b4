/// What a route changes in responses, beyond what HTTP itself asks of a proxy.
package struct ResponseEdits: Equatable, Sendable {
    /// The prefix outside: no service worker of the app gets a wider scope.
    package var prefix: PrefixBytes
    /// Where the app's own addresses are put below the prefix; nil where the app knows its prefix.
    package var stripping: AppAddresses?

    package init(prefix: PrefixBytes, stripping: AppAddresses? = nil) {
        self.prefix = prefix
        self.stripping = stripping
    }
}
