internal import CraterRunCore
internal import Glibc

/// Tells whether the kernel killed a process because memory had run out.
struct OutOfMemoryWatch {
    /// How long a process may take to end after the kernel has killed and counted it: a kill counted in this time may
    /// still be news.
    private static let delay = Duration.seconds(2)

    private let memory: ContainerMemory?
    /// The counters before any kill that is still to be told.
    private var before: MemoryCounters?
    /// Newer counters, which replace ``before`` once they are old enough.
    private var recent: (counters: MemoryCounters, at: MonotonicInstant)?

    init(_ memory: ContainerMemory? = ContainerMemory()) {
        self.memory = memory
        before = memory?.counters
    }

    /// Reads the counters: the kills that they count are of no process that ends after now and the delay.
    mutating func readCounters(at now: MonotonicInstant) {
        if let recent {
            guard recent.at.duration(to: now) >= OutOfMemoryWatch.delay else { return }
            before = recent.counters
        }
        recent = memory?.counters.map { ($0, now) }
    }

    /// The kill since then; nil if the kernel has killed no process, or if that is not known. Each kill is told once.
    mutating func kill() -> OutOfMemoryKill? {
        guard let before, let counters = memory?.counters else { return nil }
        self.before = counters
        recent = nil
        return counters.kill(since: before, limit: memory?.limit)
    }
}
