/// What a door knows of an app: whether the door may forward to it, and what a page says while it may not.
package struct DoorAppState: Equatable, Sendable {
    package var state: AppState
    /// When the app entered the state.
    package var since: WallTime
    /// How often the app was started again, since crater-run has looked after it.
    package var restarts: Int
    /// Why the app is in its state, as status says it; nil if the state says everything.
    package var reason: String?
    /// What a user can do about it, as the doctor says it.
    package var cure: String?
    /// When the app is launched again, if it is backing off.
    package var retryAt: WallTime?
    /// The last lines of the app's output, the oldest first, as the app wrote them. Only users with a session see them.
    package var lastLines: [String]

    package init(
        _ state: AppState,
        since: WallTime,
        restarts: Int = 0,
        reason: String? = nil,
        cure: String? = nil,
        retryAt: WallTime? = nil,
        lastLines: [String] = []
    ) {
        self.state = state
        self.since = since
        self.restarts = restarts
        self.reason = reason
        self.cure = cure
        self.retryAt = retryAt
        self.lastLines = lastLines
    }

    /// Whether requests go to the app. An unready app may only be slow, and shows that best itself.
    package var takesRequests: Bool { state == .ready || state == .unready }
}
