/// How much a log line matters. Ordered: a log level shows itself and everything after it.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, warning, error

    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

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

/// What a log entry is about; nil where it does not apply.
package struct LogSubject: Equatable, Sendable {
    /// The app's name; the message may begin with it and a colon.
    package var app: String?
    package var pid: Int32?
    /// How the process ended.
    package var status: ExitStatus?
    /// How long it took, or lasted.
    package var duration: Duration?

    package init(app: String? = nil, pid: Int32? = nil, status: ExitStatus? = nil, duration: Duration? = nil) {
        self.app = app
        self.pid = pid
        self.status = status
        self.duration = duration
    }
}

/// How entries are shown.
package struct LogStyle: Equatable, Sendable {
    /// Entries below it are not, but for the essential ones.
    package var level = LogLevel.info
    package var format = LogFormat.text

    package init(level: LogLevel = .info, format: LogFormat = .text) {
        self.level = level
        self.format = format
    }

    /// The entry as a line, without its end; nil where it is not shown.
    package func line(for entry: LogEntry, at time: WallTime) -> String? {
        entry.level >= level || entry.isEssential ? entry.rendered(as: format, at: time) : nil
    }
}
