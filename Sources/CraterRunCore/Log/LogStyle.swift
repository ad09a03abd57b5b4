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
