/// A request that posts a form. A door collects its body, of at most ``longestBody`` bytes, and asks again.
package enum DoorForm: Equatable, Sendable {
    case signIn(DoorSignIn)
    case command(HomeCommand)

    /// The longest body that is read, in bytes. A longer one is answered by ``DoorAnswer/tooLongBody``.
    package static let longestBody = 16_384

    /// What follows from the form. It is neither a forward nor another form.
    package func decide(body: some Collection<UInt8>, now: WallTime) -> DoorDecision {
        switch self {
        case .signIn(let signIn): signIn.decide(body: body, now: now)
        case .command(let command): command.decide(body: body)
        }
    }
}
