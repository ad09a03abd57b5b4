/// An amount of memory, for people.
package enum ByteCount {
    private static let units: [(name: String, size: UInt64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// In the largest unit that it fills, with one decimal place where that says more: `4 GiB`, `1.5 GiB`, `344 MiB`.
    package static func describe(_ bytes: UInt64) -> String {
        guard let unit = units.first(where: { bytes >= $0.size }) else { return "\(bytes) bytes" }
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: unit.size)
        let tenths = rest / (unit.size / 10)
        return whole >= 100 || tenths == 0 ? "\(whole) \(unit.name)" : "\(whole).\(min(tenths, 9)) \(unit.name)"
    }
}
