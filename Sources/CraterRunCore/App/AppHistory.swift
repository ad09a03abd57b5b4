/// What has happened to an app so far: nothing is decided by it, and everybody may ask for it.
package struct AppHistory: Equatable, Sendable {
    static let byRequest = "stopped on request"

    /// Since when it has been in its state; nil before the first event.
    package private(set) var since: MonotonicInstant?
    /// How often it was spawned.
    package private(set) var launches = 0
    /// How its first process ended the last time.
    package private(set) var lastExit: ExitStatus?
    package private(set) var lastExitAt: MonotonicInstant?
    /// Why it is in its state, where that is not plain: why it is not ready, has failed, was stopped.
    package internal(set) var reason: String?

    mutating func take(_ event: AppEvent, former: AppState, state: AppState, at now: MonotonicInstant) {
        if since == nil || state != former { since = now }
        switch event {
        case .launched: launches += 1
        case .exited(let status):
            lastExit = status
            lastExitAt = now
        default: break
        }
    }
}
