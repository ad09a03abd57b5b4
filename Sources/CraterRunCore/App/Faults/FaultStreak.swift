/// Counts how many times in a row an app has ended in the same way: soon after its start, with the same exit status,
/// and for the same cause.
struct FaultStreak: Equatable, Sendable {
    /// After this many equal ends, the next start is expected to end in the same way.
    static let enough = 3
    /// An end within this time after the start counts, if the app was never ready.
    static let soon = Duration.seconds(10)

    private struct Sign: Equatable {
        let status: ExitStatus
        let cause: String
    }

    private var last: Sign?
    private(set) var count = 0

    /// Whether the next start is likely to end in the same way.
    var isPersistent: Bool { count >= FaultStreak.enough }

    /// Counts an end of the app.
    ///
    /// - Parameter fault: why the app ended soon after its start. Nil ends the streak: the app ran for longer, or its
    ///   cause is not known.
    mutating func take(_ fault: AppFault?, _ status: ExitStatus) {
        guard let fault else { return self = FaultStreak() }
        let sign = Sign(status: status, cause: fault.signature)
        count = sign == last ? count + 1 : 1
        last = sign
    }
}
