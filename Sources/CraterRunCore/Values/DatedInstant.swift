/// An instant on the monotonic clock, together with its date on the host's clock. It gives dates to other instants; they
/// are right as long as the host's clock is not set.
package struct DatedInstant: Equatable, Sendable {
    package let instant: MonotonicInstant
    package let date: WallTime

    package init(_ instant: MonotonicInstant, at date: WallTime) {
        self.instant = instant
        self.date = date
    }

    package func date(of other: MonotonicInstant) -> WallTime {
        let since = instant.duration(to: other).clampedNanoseconds / 1_000_000
        return WallTime(milliseconds: date.milliseconds &+ since)
    }
}
