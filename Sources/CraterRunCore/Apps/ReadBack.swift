/// What a look at an app's runtime directory brought.
package struct ReadBack: Equatable, Sendable {
    package var entries: [LogEntry]
    /// What to remember for the next look, also over a restart of crater-run; nil to leave it as it is.
    package var announced: String?

    package init(entries: [LogEntry] = [], announced: String? = nil) {
        self.entries = entries
        self.announced = announced
    }
}
