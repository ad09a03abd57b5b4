/// How much more memory than a viewer (TensorBoard, Visdom) the job may use before the kernel kills the job first when
/// memory runs out.
///
/// The kernel kills the process with the most points: the memory that the process uses, and its oom_score_adj in
/// thousandths of the memory that ran out (Linux, mm/oom_kill.c). A viewer's oom_score_adj is 1000. The kubelet sets
/// the job's, and crater-run never changes it: -997 in a Pod of the class Guaranteed, 1000 in BestEffort, and from 3 to
/// 999 in Burstable, where it is lower the more of the node's memory the Pod requests.
package struct MemoryLead: Equatable, Sendable {
    /// The job's oom_score_adj.
    package let score: Int
    /// The memory that may run out, in bytes.
    package let memory: UInt64

    package init(score: Int, memory: UInt64) {
        self.score = min(max(score, -1000), 1000)
        self.memory = memory
    }

    /// How many bytes more than a viewer the job may use before the job is killed first.
    package var bytes: UInt64 {
        let thousandths = UInt64(1000 - score)
        let (whole, rest) = memory.quotientAndRemainder(dividingBy: 1000)
        return whole.multipliedReportingOverflow(by: thousandths).partialValue &+ rest * thousandths / 1000
    }

    /// Whether a viewer is killed first, however large the job is.
    package var isWhole: Bool { score <= 0 }
}
