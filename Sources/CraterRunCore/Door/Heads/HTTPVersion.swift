/// The version of HTTP that a head names. Later minor versions of HTTP/1 are read as 1.1 (RFC 9110, 2.5).
package enum HTTPVersion: UInt8, Sendable {
    case v10, v11

    /// How many bytes `HTTP/1.1` has.
    static let length = 8

    /// Reads the eight bytes at this offset.
    init(_ bytes: Span<UInt8>, at position: Int) throws(HeadRefusal) {
        let notHTTP = HeadRefusal.malformed("the first line does not name a version of HTTP")
        guard position >= 0, bytes.count - position >= Self.length else { throw notHTTP }
        var offset = position
        for byte in "HTTP/".utf8 {
            guard bytes[offset] == byte else { throw notHTTP }
            offset += 1
        }
        let (major, point, minor) = (bytes[offset], bytes[offset + 1], bytes[offset + 2])
        guard Byte.isDigit(major), point == UInt8(ascii: "."), Byte.isDigit(minor) else { throw notHTTP }
        guard major == UInt8(ascii: "1") else { throw .unsupportedVersion }
        self = minor == UInt8(ascii: "0") ? .v10 : .v11
    }
}
