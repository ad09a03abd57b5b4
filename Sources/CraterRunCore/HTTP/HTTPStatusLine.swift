/// The first line of an HTTP response (RFC 9112, section 4), as far as a readiness check needs it.
package enum HTTPStatusLine {
    /// The status code, 100…999, in the bytes received so far; nil if there are too few bytes, or if they are no HTTP
    /// response.
    package static func status(in bytes: some Collection<UInt8>) -> Int? {
        // "HTTP/1.1 200"
        let line = Array(bytes.prefix(12))
        guard line.count == 12, line.starts(with: "HTTP/1.".utf8), line[8] == UInt8(ascii: " ") else { return nil }
        var status = 0
        for byte in line[9...] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            status = status * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return status >= 100 ? status : nil
    }
}
