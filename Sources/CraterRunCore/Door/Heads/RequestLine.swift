/// The first line of a request: method, target and version, with one space between them (RFC 9112, 3).
struct RequestLine {
    let method: Range<Int>
    let target: Range<Int>
    let version: HTTPVersion
    /// Where the first header line begins.
    let end: Int

    init(_ bytes: Span<UInt8>) throws(HeadRefusal) {
        var position = 0
        // Empty lines may stand before a request (RFC 9112, 2.2).
        while position < bytes.count, bytes[position] == Byte.carriageReturn || bytes[position] == Byte.newline {
            position += 1
        }
        let methodStart = position
        while position < bytes.count, HeaderSyntax.isTokenByte(bytes[position]) { position += 1 }
        method = methodStart..<position
        guard !method.isEmpty, position < bytes.count, bytes[position] == Byte.space else {
            throw .malformed("the request line does not begin with a method")
        }
        position += 1
        let targetStart = position
        while position < bytes.count, bytes[position] > Byte.space, bytes[position] != Byte.delete { position += 1 }
        target = targetStart..<position
        guard !target.isEmpty else { throw .malformed("the request line has no target") }
        guard position < bytes.count, bytes[position] == Byte.space else {
            throw .malformed("the request line has no version of HTTP, or a character that no target has")
        }
        position += 1
        version = try HTTPVersion(bytes, at: position)
        end = try HeaderFieldParser.lineEnd(bytes, at: position + HTTPVersion.length)
        // Refused after the line has been read, so that what is no HTTP is not called a method.
        if Self.isConnect(bytes, method) { throw .unsupportedMethod }
    }

    private static func isConnect(_ bytes: Span<UInt8>, _ method: Range<Int>) -> Bool {
        let name = "CONNECT".utf8
        return method.count == name.count && zip(method, name).allSatisfy { bytes[$0] == $1 }
    }
}
