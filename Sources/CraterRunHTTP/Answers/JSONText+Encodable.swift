package import CraterRunCore
internal import FoundationEssentials

extension JSONText {
    /// JSON for programs, on several lines. Keys are sorted, slashes are not escaped, unprintable characters are.
    package static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // Only a number that is not finite cannot be encoded, and no document has one.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return printable(String(decoding: data, as: UTF8.self))
    }
}
