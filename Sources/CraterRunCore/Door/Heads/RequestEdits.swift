/// What the door changes in a request, beyond what HTTP itself asks of a proxy.
package struct RequestEdits: Equatable, Sendable {
    let route: RouteEdits
    /// The client's address for X-Forwarded-For: `10.0.0.7`, `2001:db8::1`.
    package let peer: String
    /// Whether Authorization headers of the scheme Bearer are withheld from the app, since the key in them is ours.
    package let withholdsBearer: Bool
    /// Where our key stands in the head: the app gets these bytes neither in the target nor in a header's value.
    package let withheldPlaces: [Range<Int>]

    init(_ route: RouteEdits, peer: String, withholdsBearer: Bool, withheldPlaces: [Range<Int>]) {
        self.route = route
        self.peer = peer
        self.withholdsBearer = withholdsBearer
        self.withheldPlaces = withheldPlaces
    }

    package init(
        peer: String, stripping: PrefixBytes? = nil, withheldCookies: [[UInt8]] = [], withholdsBearer: Bool = false,
        withheldPlaces: [Range<Int>] = []
    ) {
        let route = RouteEdits(stripping: stripping, withheldCookies: withheldCookies)
        self.init(route, peer: peer, withholdsBearer: withholdsBearer, withheldPlaces: withheldPlaces)
    }
}
