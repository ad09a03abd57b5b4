/// Which answers mean that an app is ready.
package struct ReadinessPolicy: Equatable, Sendable {
    /// The path below the prefix, with a leading slash; empty for the prefix itself.
    package let path: String
    /// The statuses besides 2xx and 3xx that count as ready.
    package let alsoAccepts: Set<Int>
    /// The statuses that say that a part of the app is dead, which only a restart mends; each with its meaning, for
    /// messages.
    package let fatal: [Int: String]
    /// The known meanings of other statuses that do not count as ready, for messages.
    package let hints: [Int: String]
    /// The longest time for which an app that no longer answers still counts as ready.
    package let interval: Duration

    package init(
        path: String,
        alsoAccepts: Set<Int> = [],
        fatal: [Int: String] = [:],
        hints: [Int: String] = [:],
        interval: Duration
    ) {
        self.path = path
        self.alsoAccepts = alsoAccepts
        self.fatal = fatal
        self.hints = hints
        self.interval = interval
    }

    /// The time from a good answer to the next check. An app counts as unready after two failed checks in a row. These
    /// take up to ``AppTiming/longestVerdict``, and must be over when the interval is. If the interval is too short for
    /// that, the pause is a quarter of it, and an app that does not answer may count as ready for longer than the
    /// interval.
    package var pause: Duration { max(interval - AppTiming.longestVerdict, interval / 4) }

    /// The same policy with another interval.
    package func every(_ interval: Duration) -> ReadinessPolicy {
        ReadinessPolicy(path: path, alsoAccepts: alsoAccepts, fatal: fatal, hints: hints, interval: interval)
    }

    /// Whether an answer with this status counts as ready.
    package func accepts(_ status: Int) -> Bool {
        (200..<400).contains(status) || alsoAccepts.contains(status)
    }
}
