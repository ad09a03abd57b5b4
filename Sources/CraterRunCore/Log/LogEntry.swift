/// One event for people, as one line and perhaps lines below it. Whatever is in them is shown so that it stays in its line:
/// see ``PrintableText``. No secret is ever part of it, but for the one line with Jupyter's token, which the
/// platform reads from the log.
package struct LogEntry: Equatable, Sendable {
    package let level: LogLevel
    package let message: String
    /// Lines of their own below the message: what is to be copied, or what an app has written.
    package let below: [String]
    /// What the message says of a process, for programs.
    package let subject: LogSubject
    /// Whether it is shown whatever the log level.
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
