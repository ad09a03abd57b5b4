/// Whether a request has given the login's key, if the request gave a key at all.
package enum KeyGuess: Equatable, Sendable {
    case right
    case wrong
}
