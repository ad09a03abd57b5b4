/// A file in an app's runtime directory.
package struct RuntimeFile: Equatable, Sendable {
    package let name: String
    package let content: [UInt8]

    package init(name: String, content: [UInt8]) {
        self.name = name
        self.content = content
    }
}

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
