/// What a route changes in requests, beyond what HTTP itself asks of a proxy.
package struct RequestEdits: Equatable, Sendable {
    /// The client's address for X-Forwarded-For: `10.0.0.7`, `2001:db8::1`.
    package var peer: String
    /// The prefix that the target loses; nil where the app is given the target as it came.
    package var stripping: PrefixBytes?
    /// The names of our own cookies, which the app does not get.
    package var withheldCookies: [[UInt8]]
    /// Whether Authorization headers of the scheme Bearer are withheld from the app, since the key in them is ours.
    package var withholdsBearer: Bool
    /// Where our key stands in the head: the app gets these bytes neither in the target nor in a header's value.
    package var withheldPlaces: [Range<Int>]

    package init(
        peer: String, stripping: PrefixBytes? = nil, withheldCookies: [[UInt8]] = [], withholdsBearer: Bool = false,
        withheldPlaces: [Range<Int>] = []
    ) {
        self.peer = peer
        self.stripping = stripping
        self.withheldCookies = withheldCookies
        self.withholdsBearer = withholdsBearer
        self.withheldPlaces = withheldPlaces
    }
}
