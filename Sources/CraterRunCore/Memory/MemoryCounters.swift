/// The counters of a control group, read at one moment.
package struct MemoryCounters: Equatable, Sendable {
    /// Processes of the group that the kernel has killed because memory ran out.
    package let kills: UInt64
    /// How often the group's own limit was the reason to kill; nil if that is not counted (cgroup v1).
    package let limitsReached: UInt64?

    package init(kills: UInt64, limitsReached: UInt64?) {
        self.kills = kills
        self.limitsReached = limitsReached
    }

    /// The kill that has happened since an earlier reading; nil if no process was killed.
    ///
    /// - Parameter limit: the group's limit; nil without one.
    package func kill(since earlier: MemoryCounters, limit: UInt64?) -> OutOfMemoryKill? {
        guard kills > earlier.kills else { return nil }
        guard let limit else { return OutOfMemoryKill(.unknown) }
        if let limitsReached, let before = earlier.limitsReached, limitsReached <= before {
            return OutOfMemoryKill(.outside)
        }
        return OutOfMemoryKill(.limit(limit))
    }
}
