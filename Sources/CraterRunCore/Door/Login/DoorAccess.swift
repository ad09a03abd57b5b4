/// What a request proves of its sender.
enum DoorAccess: Equatable {
    /// The route has no login.
    case open
    /// A cookie proves a session. The browser may have sent the cookie for a page of somebody else.
    case session
    /// The key itself, as `Authorization: Bearer <key>`. No browser adds it by itself.
    case key(KeyGuess)
    /// Nothing. `guess` says whether the request has tried a key.
    case none(guess: KeyGuess?)

    init(_ head: RequestHead, to route: DoorRoute, now: WallTime) {
        guard let login = route.login else {
            // A home page starts programs: without a login, nobody gets to it.
            self = route.lock == nil && route.home == nil ? .open : .none(guess: nil)
            return
        }
        let guess = DoorAccess.bearerKey(in: head).map { KeyGuess($0, at: login) }
        if let guess, guess.isRight {
            self = .key(guess)
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
    var isLoggedIn: Bool { self == .session || hasKey }

    var hasKey: Bool {
        if case .key = self { true } else { false }
    }

    /// Whether any of several Authorization headers has the key. Only for requests that are let in for another reason, so
    /// that nobody guesses many keys with one request.
    static func hasKey(_ head: RequestHead, of login: DoorLogin) -> Bool {
        head.headers.values(of: .authorization).contains { value in
            bearerKey(head.headers.slice(value)).map { KeyGuess($0, at: login).isRight } ?? false
        }
    }

    /// The credentials of the first Authorization header, so that a request is one guess.
    private static func bearerKey(in head: RequestHead) -> ArraySlice<UInt8>? {
        head[.authorization].flatMap { bearerKey(head.headers.slice($0)) }
    }

    /// The credentials of the scheme Bearer (RFC 6750, section 2.1).
    private static func bearerKey(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let scheme = value.prefix { $0 != UInt8(ascii: " ") }
        guard HeaderSyntax.equals(scheme, ignoringCase: "bearer") else { return nil }
        return value[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
    }
}
