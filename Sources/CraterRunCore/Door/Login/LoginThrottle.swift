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

    /// When the last of the waiting answers goes out.
    private var busyUntil: MonotonicInstant?

    package init() {}

    /// Takes in that a request gave a key.
    package mutating func release(_ guess: KeyGuess, at now: MonotonicInstant) -> Release {
        let waiting = busyUntil.map { max(.zero, now.duration(to: $0)) } ?? .zero
        // A right key waits behind the wrong ones: otherwise the first fast answer would tell which guess was right.
        if guess == .right {
            return waiting == .zero ? .now : waiting > LoginThrottle.longest ? .refused : .at(now.advanced(by: waiting))
        }
        let own = waiting + LoginThrottle.delay
        guard own <= LoginThrottle.longest else { return .refused }
        let instant = now.advanced(by: own)
        busyUntil = instant
        return .at(instant)
    }
}
