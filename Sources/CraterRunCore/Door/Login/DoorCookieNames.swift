/// The names of the cookies that prove a login at one route.
package struct DoorCookieNames: Equatable, Sendable {
    /// `__Http-crater-<hash>`: a browser takes a cookie with this beginning only from a server and only over TLS, so that
    /// no script of another tenant's page sets or shadows the cookie.
    package let secure: String
    /// `crater-<hash>`: the name for plain HTTP, where a browser refuses the other one.
    package let plain: String

    /// The hash is of both the prefix and the app, so that two apps that have had the same prefix never share a cookie.
    init(of place: DoorLoginPlace) {
        let text = place.prefix.withTrailingSlash + "\n" + place.app
        let hash = SHA256.digest(of: text.utf8).prefix(8).map { Byte.hex(UInt32($0), width: 2) }.joined()
        secure = "__Http-crater-" + hash
        plain = "crater-" + hash
    }
}
