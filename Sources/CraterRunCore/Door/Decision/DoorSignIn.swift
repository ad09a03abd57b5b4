/// A request that posts a key. A door collects its body, of at most ``longestBody`` bytes, and asks again.
package struct DoorSignIn: Equatable, Sendable {
    /// The longest body that is read, in bytes. A longer one is answered by ``DoorAnswer/tooLongBody``.
    package static let longestBody = 16_384

    let route: DoorRoute
}
