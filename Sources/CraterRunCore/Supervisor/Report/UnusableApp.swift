/// An app that a line of `crater-run up` asks for, where the line cannot be used. The app is never served. It is shown
/// as failed, so that a missing app does not pass for ready.
package struct UnusableApp: Equatable, Sendable {
    /// The name that the app would have, as far as the line tells it.
    package let name: String
    /// Why its line cannot be used, as the end of a sentence.
    package let reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }

    /// Why the app has failed, for reports.
    package var condition: String { "its app line cannot be used: \(reason)" }
}
