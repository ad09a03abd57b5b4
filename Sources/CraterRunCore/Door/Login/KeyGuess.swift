/// Whether a request has given the login's key, if the request gave a key at all.
package enum KeyGuess: Equatable, Sendable {
    case right
    /// `mark` is the same for the same wrong key. It tells nothing about the key that is right.
    case wrong(mark: UInt64)

    init(_ key: some Sequence<UInt8>, at login: DoorLogin) {
        let digest = SHA256.digest(of: key)
        self =
            ConstantTime.areEqual(digest, login.keyDigest)
            ? .right : .wrong(mark: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
