/// Comparisons whose duration does not tell where two secrets differ.
package enum ConstantTime {
    /// Whether the bytes are equal. The duration depends on the lengths alone.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(one, other) { difference |= left ^ right }
        return difference == 0
    }
}
