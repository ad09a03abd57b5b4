package import CraterRunCore
internal import FoundationEssentials

extension JSONText {
    /// JSON for programs: keys sorted, on several lines, slashes as they are, nothing in it that cannot be printed.
    package static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // Only a number that is not finite cannot be encoded, and nothing here has one.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return printable(String(decoding: data, as: UTF8.self))
    }
}
