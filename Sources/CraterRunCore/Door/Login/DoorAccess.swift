/// What a request proves of its sender.
enum DoorAccess: Equatable {
    /// The route has no login.
    case open
    /// A cookie proves a session. The browser may have sent the cookie for a page of somebody else.
    case session
    /// The key itself, as `Authorization: Bearer <key>`. No browser adds it by itself.
    case key
    /// Nothing. `guess` says whether the request has tried a key.
    case none(guess: KeyGuess?)

    init(_ head: RequestHead, to route: DoorRoute, now: WallTime) {
        guard let login = route.login else {
            self = .open
            return
        }
        let guess = DoorAccess.bearerKey(in: head).map { KeyGuess($0, at: login) }
        if guess == .right {
            self = .key
        } else if DoorCookies.values(in: head, of: route).contains(where: {
            DoorSession.isValid($0, of: route, login: login, now: now)
        }) {
            self = .session
        } else {
            self = .none(guess: guess)
        }
    }

    var isGranted: Bool {
        if case .none = self { false } else { true }
    }

    /// Whether the sender has given the key once.
    var isLoggedIn: Bool { self == .session || self == .key }

    /// The credentials of the scheme Bearer (RFC 6750, section 2.1). There is one such field in a request, so that a
    /// request is one guess.
    private static func bearerKey(in head: RequestHead) -> ArraySlice<UInt8>? {
        guard let value = head[.authorization].map({ head.headers.slice($0) }) else { return nil }
        let scheme = value.prefix { $0 != UInt8(ascii: " ") }
        guard HeaderSyntax.equals(scheme, ignoringCase: "bearer") else { return nil }
        return value[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
    }
}
