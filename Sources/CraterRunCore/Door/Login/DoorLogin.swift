/// The login of a route: everything that a door needs to recognize the key and the sessions of those who have given it.
///
/// The key itself is not in it. The key should have 24 random bytes or more: no delay protects a short one. A class, so that
/// a request need not copy it.
package final class DoorLogin: Sendable {
    /// The longest session, in seconds: 12 hours.
    package static let longestSession: UInt32 = 12 * 3600

    /// The SHA-256 of the key.
    package let keyDigest: [UInt8]
    /// The key of the sessions' MAC. It is derived from the login's key, so that another key ends all sessions, and the
    /// same key keeps them when a door or a supervisor is started again.
    package let signingKey: [UInt8]
    /// How many seconds a session lasts, 1…43,200.
    package let lasts: UInt32
    /// Makes the MAC with ``signingKey``.
    let signer: HMAC256

    package convenience init(key: some Sequence<UInt8>, lasts: UInt32 = longestSession) {
        let key = Array(key)
        self.init(
            keyDigest: SHA256.digest(of: key),
            signingKey: HMAC256(key: key).code(of: "crater-run: sessions of a door, 1".utf8),
            lasts: lasts
        )
    }

    /// - Parameter lasts: is limited to the range of ``lasts``.
    init(keyDigest: [UInt8], signingKey: [UInt8], lasts: UInt32) {
        self.keyDigest = keyDigest
        self.signingKey = signingKey
        signer = HMAC256(key: signingKey)
        self.lasts = min(max(1, lasts), DoorLogin.longestSession)
    }
}

// The rest follows from these.
extension DoorLogin: Equatable {
    package static func == (one: DoorLogin, other: DoorLogin) -> Bool {
        one === other
            || (one.keyDigest, one.signingKey, one.lasts) == (other.keyDigest, other.signingKey, other.lasts)
    }
}
