/// Which log entries are shown, and in which format.
package struct LogStyle: Equatable, Sendable {
    /// Entries below this level are not shown, except for essential ones.
    package var level = LogLevel.info
    package var format = LogFormat.text

    package init(level: LogLevel = .info, format: LogFormat = .text) {
        self.level = level
        self.format = format
    }

    /// The entry without a newline at its end; nil if the entry is not shown.
    package func line(for entry: LogEntry, at time: WallTime) -> String? {
        entry.level >= level || entry.isEssential ? entry.rendered(as: format, at: time) : nil
    }
}
