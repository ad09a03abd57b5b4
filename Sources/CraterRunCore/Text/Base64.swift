/// Base64 (RFC 4648).
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The alphabet of section 4, padded.
    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: encode(bytes, last: "+/", padded: true), as: UTF8.self)
    }

    /// The alphabet of section 5, without padding: the text can stand in a URL and in a cookie.
    static func encodeForURL(_ bytes: [UInt8]) -> [UInt8] { encode(bytes, last: "-_", padded: false) }

    private static func encode(_ bytes: [UInt8], last: StaticString, padded: Bool) -> [UInt8] {
        let alphabet = letters + Array(last.description.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 3 * 4 + 4)
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            // Three bytes are four letters; one and two bytes are two and three letters.
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for letter in 0...group.count { result.append(alphabet[Int(bits >> (18 - 6 * UInt32(letter)) & 63)]) }
            if padded { result += repeatElement(Byte.equals, count: 3 - group.count) }
        }
        return result
    }
}
