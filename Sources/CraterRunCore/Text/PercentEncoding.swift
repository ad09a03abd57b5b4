/// Text in URLs (RFC 3986, section 2).
package enum PercentEncoding {
    /// The text with everything encoded but unreserved characters: it may stand as one segment of a path, or in a query.
    package static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            Byte.isLetterOrDigit(byte) || "-._~".utf8.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + Byte.hex(UInt32(byte), width: 2).uppercased()
        }.joined()
    }

    /// The bytes that a segment stands for. A percent sign that begins no encoded byte stands for itself.
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
