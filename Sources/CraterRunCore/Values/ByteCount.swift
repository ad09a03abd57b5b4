/// An amount of memory as text for people.
package enum ByteCount {
    private static let units: [(name: String, size: UInt64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// The amount in the largest unit that it reaches. Below 100 units there is one decimal place, unless that is 0.
    /// Such as `4 GiB`, `1.5 GiB` or `344 MiB`.
    package static func describe(_ bytes: UInt64) -> String {
        guard let unit = units.first(where: { bytes >= $0.size }) else { return "\(bytes) bytes" }
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: unit.size)
        let tenths = rest / (unit.size / 10)
        return whole >= 100 || tenths == 0 ? "\(whole) \(unit.name)" : "\(whole).\(min(tenths, 9)) \(unit.name)"
    }
}
