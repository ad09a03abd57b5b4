/// Why a door counts as hanging.
enum DoorHang: Equatable, Sendable {
    /// It was stopped by a signal or a tracer.
    case stopped
    /// It sleeps, although it was told something.
    case sleeping
    /// It computes without end.
    case looping
    /// It has not answered for long, for whatever reason.
    case silent

    /// The reason for people, after "the front door ".
    func text(after silence: Duration) -> String {
        let answer = "not answered for \(DurationText.describe(silence))"
        return switch self {
        case .stopped: "is stopped and has \(answer)"
        case .sleeping: "is stuck and has \(answer)"
        case .looping: "computes without end and has \(answer)"
        case .silent: "has \(answer)"
        }
    }
}
