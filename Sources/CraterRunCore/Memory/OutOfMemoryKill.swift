/// That the kernel has killed a process because memory had run out.
package struct OutOfMemoryKill: Equatable, Sendable {
    /// Which memory that was.
    package enum Place: Equatable, Sendable {
        /// What the container may use, in bytes.
        case limit(UInt64)
        /// The Pod's, or the node's: the container had not come to its limit.
        case outside
        case unknown
    }

    package let place: Place

    package init(_ place: Place) {
        self.place = place
    }

    /// Why, for a person: follows "was killed by SIGKILL".
    package var cause: String {
        let reason =
            switch place {
            case .limit(let bytes): "the container's memory limit of \(ByteCount.describe(bytes)) was reached"
            case .outside: "the Pod's or the node's memory had run out"
            case .unknown: "memory had run out"
            }
        return "the kernel's OOM killer: \(reason)"
    }
}

/// What a control group counts, as it is read now.
package struct MemoryCounters: Equatable, Sendable {
    /// Processes of the group that the kernel has killed for want of memory.
    package let kills: UInt64
    /// How often the group's own limit was the reason to kill; nil where that is not counted (cgroup v1).
    package let limitsReached: UInt64?

    package init(kills: UInt64, limitsReached: UInt64?) {
        self.kills = kills
        self.limitsReached = limitsReached
    }

    /// What has happened since an earlier look; nil if no process was killed.
    ///
    /// - Parameter limit: the group's; nil without one.
    package func kill(since earlier: MemoryCounters, limit: UInt64?) -> OutOfMemoryKill? {
        guard kills > earlier.kills else { return nil }
        guard let limit else { return OutOfMemoryKill(.unknown) }
        if let limitsReached, let before = earlier.limitsReached, limitsReached <= before {
            return OutOfMemoryKill(.outside)
        }
        return OutOfMemoryKill(.limit(limit))
    }
}
