/// Percent-encoding of text in URLs (RFC 3986, section 2).
package enum PercentEncoding {
    /// Encodes everything but unreserved characters, so that the result can be one path segment or a part of a query.
    package static func encode(_ text: String) -> String { encode(text.utf8, keeping: "-._~") }

    /// Encodes everything but letters, digits and what is kept.
    static func encode(_ bytes: some Sequence<UInt8>, keeping kept: String) -> String {
        bytes.map { byte in
            Byte.isLetterOrDigit(byte) || kept.utf8.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + Byte.hex(UInt32(byte), width: 2).uppercased()
        }.joined()
    }

    /// The bytes that a path segment stands for. A percent sign without two hexadecimal digits stands for itself.
    static func decode(_ segment: some Sequence<UInt8>) -> [UInt8] {
        var rest = Array(segment)[...]
        var result: [UInt8] = []
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap(Byte.hexValue)
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                result.append(UInt8(truncatingIfNeeded: digits[0] << 4 | digits[1]))
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
