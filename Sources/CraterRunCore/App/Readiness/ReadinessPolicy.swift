/// Which answers mean that an app is ready.
package struct ReadinessPolicy: Equatable, Sendable {
    /// The path below the prefix, with a leading slash; empty for the prefix itself.
    package let path: String
    /// Statuses beyond 2xx and 3xx that count as well.
    package let alsoAccepts: Set<Int>
    /// Statuses that say that a part of the app is dead for good, and what that means; only a restart mends it.
    package let fatal: [Int: String]
    /// What other statuses that do not count are known to mean.
    package let hints: [Int: String]
    /// How long a ready app that no longer answers may still pass for ready, at most.
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

    /// From a good answer to the next question. Before an app counts as unready two checks in a row have failed, which may
    /// take ``AppTiming/longestVerdict``: that has to be over when the interval is. A shorter interval than that cannot be
    /// kept to where the app is silent; it is asked the more often.
    package var pause: Duration { max(interval - AppTiming.longestVerdict, interval / 4) }

    /// The same, checked at another interval.
    package func every(_ interval: Duration) -> ReadinessPolicy {
        ReadinessPolicy(path: path, alsoAccepts: alsoAccepts, fatal: fatal, hints: hints, interval: interval)
    }

    /// Whether an answer with this status counts.
    package func accepts(_ status: Int) -> Bool {
        (200..<400).contains(status) || alsoAccepts.contains(status)
    }
}
