/// What has happened to an app so far. It is for reports only: no decision depends on it.
package struct AppHistory: Equatable, Sendable {
    static let byRequest = "stopped on request"
    /// In the ``reason`` of an app whose faults repeat. Its output is held back then.
    static let sameWay = "each time the same way"

    /// When the app entered its state; nil before the first event.
    package private(set) var since: MonotonicInstant?
    /// How often the app was spawned.
    package private(set) var launches = 0
    /// How the app's first process ended the last time; nil if it has never ended.
    package private(set) var lastExit: ExitStatus?
    package private(set) var lastExitAt: MonotonicInstant?
    /// Why the app is in its state, where the state does not say it: why it is not ready, has failed, or was stopped.
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
