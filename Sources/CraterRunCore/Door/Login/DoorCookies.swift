/// The cookies of a route's login: reading them from requests, and setting and clearing them.
enum DoorCookies {
    /// The values of a route's cookies in a request. There may be several: a page of another tenant can add cookies of the
    /// same name, and cannot take ours away.
    static func values(in head: RequestHead, of route: DoorRoute) -> [ArraySlice<UInt8>] {
        head.headers.values(of: .cookie).flatMap { range in
            head.headers.slice(range).split(separator: UInt8(ascii: ";")).compactMap { pair in
                let pair = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                for name in [route.cookies.secure, route.cookies.plain]
                where pair.starts(with: name.utf8) && pair.dropFirst(name.utf8.count).first == Byte.equals {
                    return trimmed(pair.dropFirst(name.utf8.count + 1))
                }
                return nil
            }
        }
    }

    /// The Set-Cookie fields that begin a session.
    static func set(_ value: String, of route: DoorRoute, lasts: UInt32, form: DoorCookieForm) -> [DoorAnswer.Field] {
        let both = [(form.hasSecure, true), (form.hasPlain, false)]
        return both.filter(\.0).flatMap { fields(value, of: route, age: lasts, isSecure: $0.1) }
    }

    /// The Set-Cookie fields that end a session, whichever form its cookie has.
    static func clear(_ route: DoorRoute) -> [DoorAnswer.Field] {
        [true, false].flatMap { fields("", of: route, age: 0, isSecure: $0) }
    }

    private static func fields(
        _ value: String, of route: DoorRoute, age: UInt32, isSecure: Bool
    ) -> [DoorAnswer.Field] {
        let name = isSecure ? route.cookies.secure : route.cookies.plain
        return paths(of: route).map { path in
            // Lax: with Strict, a user who follows a link from another site would come to the login page.
            let attributes = "Path=\(path); Max-Age=\(age)\(isSecure ? "; Secure" : ""); HttpOnly; SameSite=Lax"
            return DoorAnswer.Field("Set-Cookie", "\(name)=\(value); \(attributes)")
        }
    }

    /// The paths at which a browser sends the cookie. A browser compares paths byte for byte, while apps write their prefix
    /// into redirects and links with more or fewer escapes than the rule: VisualDL leads from `/a%40b/` to `/a@b/index`.
    /// So there is a cookie for each spelling that apps use; most prefixes have one spelling.
    private static func paths(of route: DoorRoute) -> [String] {
        let own = path(of: route)
        let below = own == "/" ? own : own + "/"
        return [own]
            + route.cookiePlace.prefix.spellings.filter { $0 != own && !$0.hasPrefix(below) && !$0.contains(";") }
    }

    /// The prefix without its slash, so that the path without the slash is meant too. A cookie's path cannot have a
    /// semicolon: the path above such a segment is used.
    private static func path(of route: DoorRoute) -> String {
        let path = route.cookiePlace.prefix.withoutTrailingSlash
        guard let semicolon = path.firstIndex(of: ";") else { return path }
        let above = path[..<(path[..<semicolon].lastIndex(of: "/") ?? path.startIndex)]
        return above.isEmpty ? "/" : String(above)
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value
        while let last = value.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { value.removeLast() }
        return value
    }
}
