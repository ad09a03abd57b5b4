internal import CraterRunCore

/// The state of reading the annotations file. A worker reads it, one read at a time.
struct AnnotationsReads {
    /// How long a read may take before that is reported.
    static let patience = Duration.seconds(3)

    let follower: RulesFollower
    /// The inotify instance, once it is in the poll.
    var descriptor: Int32?
    /// The result of the last read; nil until the first read has ended.
    var last: RulesFollower.Finding?
    /// The read that is under way.
    var pending: Pending?

    struct Pending {
        /// When the read is reported as waiting for the host; nil once it was reported.
        var stalledAt: MonotonicInstant?
    }
}
