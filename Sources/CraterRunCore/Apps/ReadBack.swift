/// What the files in an app's runtime directory tell the user.
package struct ReadBack: Equatable, Sendable {
    package var entries: [LogEntry]
    /// What to remember for the next reading, even after a restart of crater-run; nil to leave it as it is.
    package var announced: String?
    /// The link that opens the app with its own secret, without the key of the front door; nil if there is none.
    package var link: String?

    package init(entries: [LogEntry] = [], announced: String? = nil, link: String? = nil) {
        self.entries = entries
        self.announced = announced
        self.link = link
    }
}
