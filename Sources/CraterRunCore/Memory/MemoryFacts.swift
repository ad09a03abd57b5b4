/// What the doctor finds out about the container's memory.
package struct MemoryFacts: Equatable, Sendable {
    /// The job's oom_score_adj; nil if it cannot be read.
    package let score: Int?
    /// The container's limit; nil if there is none, or if it cannot be seen.
    package let limit: UInt64?
    /// The node's memory; nil if it cannot be seen.
    package let node: UInt64?
    /// Whether the kernel kills all processes of the container at once (`memory.oom.group`).
    package let killsAll: Bool

    package init(score: Int?, limit: UInt64?, node: UInt64?, killsAll: Bool) {
        self.score = score
        self.limit = limit
        self.node = node
        self.killsAll = killsAll
    }

    /// All apps that only show data.
    private var viewers: String {
        let others = SimpleApps.all.filter { $0.init(words: []).isViewer }.map { $0.title }
        return "the viewers (\((["TensorBoard", "Visdom"] + others).joined(separator: ", ")))"
    }

    /// The doctor's check; nil if too little is known. The check never fails.
    var check: DoctorCheck? {
        let memory = limit.flatMap { limit in node.map { min($0, limit) } ?? limit } ?? node
        guard let memory else { return nil }
        let hasLimit = limit != nil && memory == limit
        let place = hasLimit ? "the limit of \(ByteCount.describe(memory))" : "the node's \(ByteCount.describe(memory))"
        let end = "if \(place) \(hasLimit ? "is" : "are") used up"
        if killsAll, hasLimit {
            let fate = "the kernel kills the whole container, the job too (memory.oom.group)"
            return .skipped(.memory, "\(end), \(fate): give it enough for all")
        }
        guard let score else { return nil }
        let why = "(the job's oom_score_adj is \(score), theirs 1000)"
        let lead = MemoryLead(score: score, memory: memory)
        if lead.isWhole {
            return .ok(.memory, "\(end), \(viewers) are killed before the job, however large it is \(why)")
        }
        let mend = "In a Pod whose requests are equal to its limits they are killed first in any case"
        guard lead.bytes > 0 else {
            return .skipped(.memory, "\(end), the largest process is killed first, the job or another \(why). \(mend)")
        }
        return .skipped(
            .memory,
            "\(end), \(viewers) are killed before a job that uses up to \(ByteCount.describe(lead.bytes)) "
                + "more than they do, and a larger job is killed first \(why). \(mend)")
    }
}
