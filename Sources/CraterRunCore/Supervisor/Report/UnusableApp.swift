/// An app that a line of `up` asks for, where the line cannot be used. It is shown as failed and never served, so that what was
/// asked for and is not there does not pass for ready.
package struct UnusableApp: Equatable, Sendable {
    /// The name that it would have, as far as the line tells.
    package let name: String
    /// Why its line cannot be used, as the end of a sentence.
    package let reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }

    /// Why it has failed, for those who ask.
    package var condition: String { "its app line cannot be used: \(reason)" }
}
