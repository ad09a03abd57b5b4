/// What a process does at a moment, as /proc/<pid>/task/<tid>/stat of its threads shows it (proc(5)).
package struct ProcessStanding: Equatable, Sendable {
    package enum Activity: Equatable, Sendable {
        /// A signal or a tracer has stopped the process.
        case stopped
        /// Every thread sleeps until something wakes it.
        case sleeping
        /// A thread computes, or would if it got a processor.
        case running
        /// Anything else, such as a thread that waits for a disk.
        case other
    }

    package let activity: Activity
    /// The processor time that the threads have used, in the kernel's ticks of mostly 10 ms.
    package let used: Duration

    package init(_ activity: Activity, used: Duration) {
        self.activity = activity
        self.used = used
    }

    /// - Parameters:
    ///   - threads: the line of each thread.
    ///   - leader: the pid, which is the first thread's number.
    ///   - ticks: the number of ticks in a second, sysconf(_SC_CLK_TCK).
    /// - Returns: nil unless every line can be read, the first thread's among them.
    package init?(threads: [[UInt8]], leader: Int32, ticks: Int) {
        let lines = threads.compactMap { StatLine($0) }
        let states = lines.compactMap(\.state)
        // Fields 14 and 15, the times in user mode and in the kernel.
        let times = lines.flatMap { [$0.number(14, as: Int64.self), $0.number(15, as: Int64.self)] }.compactMap { $0 }
        guard states.count == threads.count, times.count == 2 * threads.count,
            let first = lines.first(where: { $0.pid == leader })?.state
        else { return nil }
        // No process runs for so long; the limit keeps the sum from an overflow.
        let used = times.reduce(Duration.zero) { $0 + .seconds(min(max($1, 0), 1 << 40)) / max(ticks, 1) }
        self.init(ProcessStanding.activity(first: first, all: states), used: used)
    }

    private static func activity(first: Character, all: [Character]) -> Activity {
        if first == "T" || first == "t" { return .stopped }
        // The other threads count as well: one that is to wake the first may wait for a processor itself.
        if all.contains("R") { return .running }
        return all.allSatisfy { $0 == "S" } ? .sleeping : .other
    }
}
