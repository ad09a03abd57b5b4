/// How far viewers (TensorBoard, Visdom) are ahead of the job when memory runs out and the kernel chooses whom to kill.
///
/// It takes the process with the most points: the memory that the process uses, and its oom_score_adj in thousandths of the memory
/// that ran out (Linux, mm/oom_kill.c). A viewer's is 1000. The job's is the kubelet's and is never touched: -997 in a Pod of the
/// class Guaranteed, 1000 in BestEffort, and in Burstable from 3 to 999, the less the more of the node it requests.
package struct MemoryLead: Equatable, Sendable {
    /// The job's oom_score_adj.
    package let score: Int
    /// The memory that may run out, in bytes.
    package let memory: UInt64

    package init(score: Int, memory: UInt64) {
        self.score = min(max(score, -1000), 1000)
        self.memory = memory
    }

    /// How much more than a viewer the job may use before it goes first.
    package var bytes: UInt64 {
        let thousandths = UInt64(1000 - score)
        let (whole, rest) = memory.quotientAndRemainder(dividingBy: 1000)
        return whole.multipliedReportingOverflow(by: thousandths).partialValue &+ rest * thousandths / 1000
    }

    /// Whether a viewer goes first however large the job is.
    package var isWhole: Bool { score <= 0 }
}

/// What the doctor finds of the container's memory.
package struct MemoryLook: Equatable, Sendable {
    /// The job's oom_score_adj; nil where it cannot be read.
    package let score: Int?
    /// The container's limit; nil without one, or where it cannot be seen.
    package let limit: UInt64?
    /// The node's memory; nil where it cannot be seen.
    package let node: UInt64?
    /// Whether the kernel kills all processes of the container at once (`memory.oom.group`).
    package let killsAll: Bool

    package init(score: Int?, limit: UInt64?, node: UInt64?, killsAll: Bool) {
        self.score = score
        self.limit = limit
        self.node = node
        self.killsAll = killsAll
    }

    /// What comes of it, as the doctor says it; nil where too little is known. Nothing of it is broken.
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
            return .ok(.memory, "\(end), TensorBoard and Visdom go before the job, however large it is \(why)")
        }
        let mend = "In a Pod whose requests are equal to its limits they go first in any case"
        guard lead.bytes > 0 else {
            return .skipped(.memory, "\(end), the largest process goes first, the job or another \(why). \(mend)")
        }
        return .skipped(
            .memory,
            "\(end), TensorBoard and Visdom go before a job that uses up to \(ByteCount.describe(lead.bytes)) more than they do, and a "
                + "larger job goes first \(why). \(mend)")
    }
}
