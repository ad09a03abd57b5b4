import ArgumentParser

/// A rule's name that is valid in an annotation's key: at most 63 letters, digits, `-`, `_` and `.`, with a letter or
/// digit at both ends.
struct RuleName {
    let text: String

    init(_ text: String) throws {
        guard RuleName.isOne(text) else { throw ValidationError("'\(text)' cannot be the name of an ingress rule.") }
        self.text = text
    }

    static func isOne(_ text: String) -> Bool {
        let isAlphanumeric = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return text.utf8.count <= 63 && text.utf8.first.map(isAlphanumeric) ?? false
            && text.utf8.last.map(isAlphanumeric) ?? false
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }
}
