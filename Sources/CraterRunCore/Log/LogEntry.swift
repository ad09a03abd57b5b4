/// One message in the log: one line, and perhaps more lines below it. Each text is escaped so that it stays in its
/// line: see ``PrintableText``. No entry contains a secret, except for the one line with Jupyter's token, which the
/// platform reads from the log.
package struct LogEntry: Equatable, Sendable {
    package let level: LogLevel
    package let message: String
    /// More lines below the message: text to copy, or an app's output.
    package let below: [String]
    /// The facts about a process that the message states, for programs.
    package let subject: LogSubject
    /// Whether the entry is shown at every log level.
    package let isEssential: Bool

    package init(
        _ level: LogLevel,
        _ message: String,
        below: [String] = [],
        of subject: LogSubject = LogSubject(),
        isEssential: Bool = false
    ) {
        self.level = level
        self.message = message
        self.below = below
        self.subject = subject
        self.isEssential = isEssential
    }
}
