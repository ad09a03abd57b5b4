/// Whether a request has given the login's key, if the request gave a key at all.
package enum KeyGuess: Equatable, Sendable {
    case right
    /// The key is right, and so long (``LoginKey/unguessable``) that nobody finds it by guessing. Its answer waits for
    /// nothing, so that wrong keys, whoever sends them, keep no program out that has this one.
    case surelyRight
    /// `mark` is the same for the same wrong key. It tells nothing about the key that is right.
    case wrong(mark: UInt64)

    init(_ key: some Collection<UInt8>, at login: DoorLogin) {
        let digest = SHA256.digest(of: key)
        if ConstantTime.areEqual(digest, login.keyDigest) {
            self = key.count < LoginKey.unguessable ? .right : .surelyRight
        } else {
            self = .wrong(mark: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    var isRight: Bool { self == .right || self == .surelyRight }
}
