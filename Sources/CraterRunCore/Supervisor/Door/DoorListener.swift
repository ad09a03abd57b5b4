/// The listening socket at one port of the front door.
enum DoorListener: Equatable, Sendable {
    case opening
    case open
    /// The socket could not be opened, and is tried again at the time `retryAt`.
    case failed(LaunchFailure, retryAt: MonotonicInstant)

    var isOpen: Bool { self == .open }
    var failure: LaunchFailure? { if case .failed(let failure, _) = self { failure } else { nil } }
    var retryAt: MonotonicInstant? { if case .failed(_, let at) = self { at } else { nil } }
}
