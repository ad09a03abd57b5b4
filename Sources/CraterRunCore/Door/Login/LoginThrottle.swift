/// Decides when an answer goes out that tells whether a key is right. All routes and all clients share one throttle, so
/// that guessing from many connections is no faster than guessing from one.
///
/// Nothing that a session's cookie proves passes through here.
package struct LoginThrottle: Equatable, Sendable {
    /// When an answer goes out.
    package enum Release: Equatable, Sendable {
        case now
        case at(MonotonicInstant)
        /// Too many answers wait. The client gets ``DoorAnswer/tooManyGuesses`` at once, whether its key is right or wrong.
        case refused
    }

    /// The delay that each wrong key adds.
    package static let delay: Duration = .milliseconds(500)
    /// The longest time that an answer waits.
    package static let longest: Duration = .seconds(10)
    private static let remembered = 32

    /// When the last of the waiting answers goes out.
    private var busyUntil: MonotonicInstant?
    /// The last different wrong keys. A program that repeats an old key guesses nothing, and must not lock out a user who
    /// has the new one.
    private var wrongKeys: [UInt64] = []

    package init() {}

    /// Takes in that a request gave a key.
    package mutating func release(_ guess: KeyGuess, at now: MonotonicInstant) -> Release {
        let waiting = busyUntil.map { max(.zero, now.duration(to: $0)) } ?? .zero
        if guess == .surelyRight || guess == .right && waiting == .zero { return .now }
        guard waiting + LoginThrottle.delay <= LoginThrottle.longest else { return .refused }
        switch guess {
        // A right key waits behind the wrong ones: otherwise the first fast answer would tell which guess was right.
        case .right, .surelyRight: return .at(now.advanced(by: waiting))
        case .wrong(let mark) where wrongKeys.contains(mark):
            return .at(now.advanced(by: max(waiting, LoginThrottle.delay)))
        case .wrong(let mark):
            wrongKeys = wrongKeys.suffix(LoginThrottle.remembered - 1) + [mark]
            let instant = now.advanced(by: waiting + LoginThrottle.delay)
            busyUntil = instant
            return .at(instant)
        }
    }
}
