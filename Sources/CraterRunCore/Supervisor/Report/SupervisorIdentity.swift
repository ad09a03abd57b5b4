/// Identifies a supervisor, and says when it started. Fixed for the supervisor's life.
package struct SupervisorIdentity: Equatable, Sendable {
    /// Distinguishes the supervisor from every other one: the run's nonce, in hexadecimal digits.
    package let instance: String
    package let pid: Int32
    package let kind: Kind
    /// When the supervisor started: on the monotonic clock, and by the host's date.
    package let startedAt: MonotonicInstant
    package let startedAtDate: WallTime

    /// What the supervisor was started for.
    package enum Kind: String, Sendable {
        /// A container's entry point (`crater-run up`): several apps, each as soon as it has a rule.
        case up
        /// One app, by the app's own command.
        case foreground
    }

    package init(instance: String, pid: Int32, kind: Kind, startedAt: MonotonicInstant, startedAtDate: WallTime) {
        self.instance = instance
        self.pid = pid
        self.kind = kind
        self.startedAt = startedAt
        self.startedAtDate = startedAtDate
    }

    /// The date of an instant on the monotonic clock. It is right as long as the host's clock is not set.
    package func date(of instant: MonotonicInstant) -> WallTime {
        DatedInstant(startedAt, at: startedAtDate).date(of: instant)
    }
}
