internal import CraterRunCore

/// The reads of the annotations file: one at a time, on a worker.
struct AnnotationsReads {
    /// How long a read may take before that is reported.
    static let patience = Duration.seconds(3)

    let follower: RulesFollower
    /// The inotify instance, once it is in the poll.
    var descriptor: Int32?
    /// What the last read has brought; nil before the first has ended.
    var last: RulesFollower.Finding?
    /// The read that is under way.
    var pending: Pending?

    struct Pending {
        /// When the read is reported as waiting for the host; nil once it was reported.
        var stalledAt: MonotonicInstant?
    }
}
