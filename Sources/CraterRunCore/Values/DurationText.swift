/// Durations as people write them: `500ms`, `10s`, `2m`, `1.5h`, a bare number for seconds.
package enum DurationText {
    /// A hundred years in seconds; longer waits are `forever`.
    private static let longest = 3_155_760_000.0

    /// The duration that the text gives, at least zero and at most a hundred years, or nil if the text is not a
    /// duration.
    package static func parse(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value.isFinite, value >= 0 else { return nil }
        let factor: Double
        switch text.dropFirst(number.count) {
        case "ms": factor = 0.001
        case "s", "": factor = 1
        case "m", "min": factor = 60
        case "h": factor = 3600
        case "d": factor = 86400
        default: return nil
        }
        let seconds = value * factor
        return seconds <= longest ? .seconds(seconds) : nil
    }

    /// The duration for a person: `0.5 s`, `12 s`, `2 min`, `1 h 5 min`.
    package static func describe(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.clampedNanoseconds / 1_000_000)
        if milliseconds < 100 { return milliseconds == 0 ? "0 s" : "\(milliseconds) ms" }
        if milliseconds < 10_000 { return "\(tenths(milliseconds)) s" }
        let seconds = milliseconds / 1000
        if seconds < 60 { return "\(seconds) s" }
        let (minutes, hours) = (seconds / 60, seconds / 3600)
        if hours == 0 { return seconds % 60 == 0 ? "\(minutes) min" : "\(minutes) min \(seconds % 60) s" }
        return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min"
    }

    /// Milliseconds as seconds with at most one decimal place.
    private static func tenths(_ milliseconds: Int64) -> String {
        let tenth = (milliseconds % 1000) / 100
        return tenth == 0 ? "\(milliseconds / 1000)" : "\(milliseconds / 1000).\(tenth)"
    }
}
