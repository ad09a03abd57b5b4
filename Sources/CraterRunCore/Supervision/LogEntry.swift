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

/// One event for people, as one line. No secret is ever part of it, but for the one line with Jupyter's token, which the
/// platform reads from the log.
package struct LogEntry: Equatable, Sendable {
    package let level: LogLevel
    package let message: String
    /// Whether it is shown whatever the log level.
    package let isEssential: Bool

    package init(_ level: LogLevel, _ message: String, isEssential: Bool = false) {
        self.level = level
        self.message = message
        self.isEssential = isEssential
    }
}
