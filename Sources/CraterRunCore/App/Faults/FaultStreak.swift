/// Ends of an app in a row that are the same: at once after its start, with the same status, for the same cause.
struct FaultStreak: Equatable, Sendable {
    /// So many of them are no coincidence.
    static let enough = 3
    /// An app that ends within this time without having been ready ends at once.
    static let soon = Duration.seconds(10)

    private struct Sign: Equatable {
        let status: ExitStatus
        let cause: String
    }

    private var last: Sign?
    private(set) var count = 0

    /// Whether the next start is likely to end the same way.
    var isPersistent: Bool { count >= FaultStreak.enough }

    /// The app has ended.
    ///
    /// - Parameter fault: nil if it did not end at once, or did not say why.
    mutating func take(_ fault: AppFault?, _ status: ExitStatus) {
        guard let fault else { return self = FaultStreak() }
        let sign = Sign(status: status, cause: fault.signature)
        count = sign == last ? count + 1 : 1
        last = sign
    }
}
