/// What a route changes in all of its requests. A class, which requests share.
final class RouteEdits: Sendable {
    /// The prefix that the target loses; nil where the app is given the target as it came.
    let stripping: PrefixBytes?
    /// The names of our own cookies, which the app does not get.
    let withheldCookies: [[UInt8]]

    init(stripping: PrefixBytes?, withheldCookies: [[UInt8]]) {
        self.stripping = stripping
        self.withheldCookies = withheldCookies
    }
}

extension RouteEdits: Equatable {
    static func == (one: RouteEdits, other: RouteEdits) -> Bool {
        one === other || (one.stripping, one.withheldCookies) == (other.stripping, other.withheldCookies)
    }
}
