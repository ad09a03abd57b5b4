/// The time of day on the host's clock, for log lines only. Decisions use ``MonotonicInstant`` instead.
package struct WallTime: Equatable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds (time(2)).
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The time in UTC, such as `2025-03-04T05:06:07.123Z` (RFC 3339). The format has years 0000 to 9999; a time
    /// outside of these becomes the first or the last time that the format has.
    package var description: String {
        let (first, last): (Int64, Int64) = (-62_167_219_200_000, 253_402_300_799_999)
        let shown = min(max(milliseconds, first), last)
        // Milliseconds since the year 0, so never negative.
        let since = shown - first
        let (days, rest) = (since / 86_400_000, since % 86_400_000)
        let (year, month, day) = WallTime.date(days)
        let date = "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60)
        return "\(date)T\(digits(hour, 2)):\(digits(minute, 2)):\(digits(second, 2)).\(digits(rest % 1000, 3))Z"
    }

    /// The date `days` days after 0000-01-01 in the Gregorian calendar.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Years are counted from 1 March, so that the leap day is a year's last day. The first whole era of 400 years
        // begins on 0000-03-01; January and February of the year 0 belong to the era before.
        let sinceMarch = days - 60 + 146_097
        let (era, dayOfEra) = (sinceMarch / 146_097 - 1, sinceMarch % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Each five months from March on have 153 days: 31, 30, 31, 30, 31.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
