/// Which supervisor it is, and since when. Fixed for its life.
package struct SupervisorIdentity: Equatable, Sendable {
    /// What tells it from every other one: the run's nonce, in hexadecimal digits.
    package let instance: String
    package let pid: Int32
    package let kind: Kind
    /// On the monotonic clock, and by the host's date.
    package let startedAt: MonotonicInstant
    package let startedAtDate: WallTime

    /// What it was started for.
    package enum Kind: String, Sendable {
        /// A container's entry point: several apps, as their rules come.
        case up
        /// One app, by its own command.
        case foreground
    }

    package init(instance: String, pid: Int32, kind: Kind, startedAt: MonotonicInstant, startedAtDate: WallTime) {
        self.instance = instance
        self.pid = pid
        self.kind = kind
        self.startedAt = startedAt
        self.startedAtDate = startedAtDate
    }

    /// The date that an instant of its clock has, as far as nobody has set the host's clock since.
    package func date(of instant: MonotonicInstant) -> WallTime {
        let since = startedAt.duration(to: instant).clampedNanoseconds / 1_000_000
        return WallTime(milliseconds: startedAtDate.milliseconds &+ since)
    }
}
