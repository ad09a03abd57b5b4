/// What is said when an app behind the front door has become ready. Whoever reads that may open the app at once, so the
/// front door must serve the app first.
struct ReadyAnnouncement: Sendable {
    /// The log entries, and the request to read back what the app says of itself.
    let effects: [AppEffect]
    /// The app's state before.
    let former: AppState
    /// The generation of the first routes with the ready app; nil until these are sent.
    var generation: UInt64?
}
