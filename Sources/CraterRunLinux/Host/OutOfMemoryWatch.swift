internal import CraterRunCore
internal import Glibc

/// Tells whether the kernel killed a process because memory had run out.
struct OutOfMemoryWatch {
    /// How long a process may take to end after the kernel has killed and counted it. A kill that was counted within
    /// this time may belong to a process whose end is not known yet.
    private static let delay = Duration.seconds(2)

    private let memory: ContainerMemory?
    /// The counters before any kill that has not been reported yet.
    private var before: MemoryCounters?
    /// Newer counters, which replace ``before`` once they are old enough.
    private var recent: (counters: MemoryCounters, at: MonotonicInstant)?

    init(_ memory: ContainerMemory? = ContainerMemory()) {
        self.memory = memory
        before = memory?.counters
    }

    /// Reads the counters. The kills that they count belong to processes that have ended by `now` plus the delay.
    mutating func readCounters(at now: MonotonicInstant) {
        if let recent {
            guard recent.at.duration(to: now) >= OutOfMemoryWatch.delay else { return }
            before = recent.counters
        }
        recent = memory?.counters.map { ($0, now) }
    }

    /// The kill since the counters were read; nil if the kernel has killed no process, or if that is not known. Each
    /// kill is reported once.
    mutating func kill() -> OutOfMemoryKill? {
        guard let before, let counters = memory?.counters else { return nil }
        self.before = counters
        recent = nil
        return counters.kill(since: before, limit: memory?.limit)
    }
}
