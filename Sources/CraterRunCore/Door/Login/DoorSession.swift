/// The sessions of a login: the value of its cookie is `<expiry>.<MAC>`, where the expiry is in seconds since 1970 and the
/// MAC is over the expiry, the prefix and the app. The key is not in it, and nothing is stored.
enum DoorSession {
    /// The length of a code in base 64 without padding: 32 bytes.
    private static let codeLength = 43

    /// The value of a new session's cookie.
    static func value(of route: DoorRoute, login: DoorLogin, now: WallTime) -> String {
        let expiry = String(max(0, now.milliseconds / 1000) &+ Int64(login.lasts))
        return expiry + "." + String(decoding: code(expiry: expiry.utf8, of: route, login: login), as: UTF8.self)
    }

    /// Whether a cookie's value proves a session that has not ended.
    static func isValid(_ value: ArraySlice<UInt8>, of route: DoorRoute, login: DoorLogin, now: WallTime) -> Bool {
        let expiry = value.prefix { $0 != UInt8(ascii: ".") }
        // Twelve digits are enough for 30,000 years, and cannot overflow.
        guard (1...12).contains(expiry.count), expiry.allSatisfy(Byte.isDigit), expiry.endIndex < value.endIndex else {
            return false
        }
        let seconds = expiry.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        guard seconds > now.milliseconds / 1000 else { return false }
        let found = Array(value[expiry.endIndex...].dropFirst())
        // A head has room for thousands of cookies, and a code takes microseconds.
        guard found.count == codeLength else { return false }
        return ConstantTime.areEqual(found, code(expiry: expiry, of: route, login: login))
    }

    private static func code(
        expiry: some Sequence<UInt8>, of route: DoorRoute, login: DoorLogin
    ) -> [UInt8] {
        // Neither an expiry nor a prefix has a line end, so that no two sessions have the same text.
        let place = route.cookiePlace
        let text = Array(expiry) + Array("\n\(place.prefix.withTrailingSlash)\n\(place.app)".utf8)
        return Base64.encodeForURL(login.signer.code(of: text))
    }
}
