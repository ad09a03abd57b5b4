extension WallTime {
    /// Reads a time in UTC, such as `2025-03-04T05:06:07.123456Z` (RFC 3339); nil for anything else. The fraction may be
    /// missing, and is cut to milliseconds.
    package init?(utc text: String) {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2, let zone = parts[1].lastIndex(where: { $0 == "Z" || $0 == "+" }),
            ["Z", "+00:00"].contains(parts[1][zone...])
        else { return nil }
        let clock = parts[1][..<zone].split(separator: ".", omittingEmptySubsequences: false)
        guard let date = WallTime.numbers(parts[0], "-", [4, 2, 2]),
            let time = WallTime.numbers(clock[0], ":", [2, 2, 2]),
            (1...12).contains(date[1]), (1...31).contains(date[2]), time[0] < 24, time[1] < 60, time[2] < 61,
            clock.count <= 2
        else { return nil }
        let fraction = clock.count == 2 ? clock[1] : "0"
        guard !fraction.isEmpty, fraction.utf8.allSatisfy(Byte.isDigit),
            let milliseconds = Int64((fraction + "00").prefix(3))
        else { return nil }
        let seconds = (WallTime.days(date[0], date[1], date[2]) * 24 + time[0]) * 3600 + time[1] * 60 + time[2]
        self.init(milliseconds: seconds * 1000 + milliseconds)
    }

    /// Numbers with so many digits each.
    private static func numbers(_ text: Substring, _ separator: Character, _ digits: [Int]) -> [Int64]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == digits, parts.allSatisfy({ $0.utf8.allSatisfy(Byte.isDigit) }) else {
            return nil
        }
        return parts.compactMap { Int64($0) }
    }

    /// The days from 1970-01-01 to a date in the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years are counted from 1 March, so that the leap day is a year's last day.
        let (years, months) = month <= 2 ? (year + 399, month + 9) : (year + 400, month - 3)
        // Each five months from March on have 153 days. 0000-03-01 is 719,468 days before 1970.
        let inYear = (153 * months + 2) / 5 + day - 1
        return years * 365 + years / 4 - years / 100 + years / 400 + inYear - 719_468 - 146_097
    }
}
