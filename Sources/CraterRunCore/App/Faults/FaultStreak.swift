/// Counts how many times in a row an app has ended in the same way: soon after its start, with the same exit status,
/// and for the same cause.
struct FaultStreak: Equatable, Sendable {
    /// After this many equal ends, the next start is expected to end in the same way.
    static let enough = 3
    /// An end within this time after the start counts, if the app was never ready. Large apps take 10 s and more to
    /// import their modules before they fail.
    static let soon = Duration.seconds(30)

    private struct Sign: Equatable {
        let status: ExitStatus
        /// Nil if the app wrote nothing, as after SIGILL or SIGSEGV: the status alone is the sign then.
        let cause: String?
    }

    private var last: Sign?
    private(set) var count = 0

    /// Whether the next start is likely to end in the same way.
    var isPersistent: Bool { count >= FaultStreak.enough }

    /// Counts an end of the app soon after its start.
    ///
    /// - Parameter fault: why the app ended; nil if it wrote nothing.
    mutating func take(_ fault: AppFault?, _ status: ExitStatus) {
        let sign = Sign(status: status, cause: fault?.signature)
        count = sign == last ? count + 1 : 1
        last = sign
    }
}
