internal import CraterRunCore
internal import Glibc

/// Tells whether a process that was killed was one that the kernel killed for want of memory.
struct OutOfMemoryWatch {
    /// How long a process may take to end once the kernel has killed, and counted, it: what was counted in this time may be news.
    private static let delay = Duration.seconds(2)

    private let memory: ContainerMemory?
    /// What had been counted before whatever is told next.
    private var before: MemoryCounters?
    /// What takes its place once it is old enough.
    private var recent: (counters: MemoryCounters, at: Instant)?

    init(_ memory: ContainerMemory? = ContainerMemory()) {
        self.memory = memory
        before = memory?.counters
    }

    /// What was killed by now was none of the processes that end from now on, or a little later.
    mutating func readCounters(at now: Instant) {
        if let recent {
            guard recent.at.duration(to: now) >= OutOfMemoryWatch.delay else { return }
            before = recent.counters
        }
        recent = memory?.counters.map { ($0, now) }
    }

    /// What the kernel has done since; nil where it has killed nobody, or that cannot be known. It is told once.
    mutating func kill() -> OutOfMemoryKill? {
        guard let before, let counters = memory?.counters else { return nil }
        self.before = counters
        recent = nil
        return counters.kill(since: before, limit: memory?.limit)
    }
}
