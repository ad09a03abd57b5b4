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
        let keys = DoorAccess.bearerKeys(in: head)
        if keys.contains(where: { login.isKey($0) }) {
            self = .key
        } else if DoorCookies.values(in: head, of: route).contains(where: {
            DoorSession.isValid($0, of: route, login: login, now: now)
        }) {
            self = .session
        } else {
            self = .none(guess: keys.isEmpty ? nil : .wrong)
        }
    }

    var isGranted: Bool {
        if case .none = self { false } else { true }
    }

    /// Whether the sender has given the key once.
    var isLoggedIn: Bool { self == .session || self == .key }

    /// The credentials of the scheme Bearer (RFC 6750, section 2.1).
    private static func bearerKeys(in head: RequestHead) -> [ArraySlice<UInt8>] {
        head.headers.values(of: .authorization).compactMap { range in
            let value = head.headers.slice(range)
            let scheme = value.prefix { $0 != UInt8(ascii: " ") }
            guard scheme.endIndex < value.endIndex, String(decoding: scheme, as: UTF8.self).lowercased() == "bearer"
            else {
                return nil
            }
            return value[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
        }
    }
}

extension DoorLogin {
    /// Whether these bytes are the login's key.
    func isKey(_ bytes: some Sequence<UInt8>) -> Bool {
        ConstantTime.areEqual(SHA256.digest(of: bytes), keyDigest)
    }
}
