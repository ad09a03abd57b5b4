/// The final HTTP/1 response (RFC 9112), from bytes that arrive in pieces of any size. Interim responses before it,
/// such as `100 Continue` and `103 Early Hints` (RFC 9110, section 15.2), are skipped.
package struct HTTPResponse: Equatable, Sendable {
    /// The bytes of the final response so far; until it begins, those of the interim response under way.
    package private(set) var bytes: [UInt8] = []
    /// How many bytes have arrived, with those of interim responses.
    package private(set) var received = 0
    /// The status of the last complete interim response.
    package private(set) var interim: Int?
    /// The index up to which no end of the head was found.
    private var scanned = 0
    /// The index at which the body begins; nil until the head is complete.
    private var headLength: Int?
    /// The length of the body, if the head tells it. Read once: the body may arrive in many pieces.
    private var contentLength: Int?

    package init() {}

    /// Takes in the next bytes.
    package mutating func take(_ more: some Collection<UInt8>) {
        received += more.count
        bytes += more
        while headLength == nil, let end = headEnd() {
            guard let status = HTTPStatusLine.status(in: bytes), HTTPResponse.isInterim(status) else {
                headLength = end
                contentLength = field("content-length").flatMap { text in
                    text.utf8.allSatisfy(Byte.isDigit) ? Int(text) : nil
                }
                return
            }
            interim = status
            bytes.removeFirst(end)
            scanned = 0
        }
    }

    /// The final response's status, 100…999; nil until it has arrived, or if the bytes are no HTTP.
    package var status: Int? {
        HTTPStatusLine.status(in: bytes).flatMap { headLength == nil && HTTPResponse.isInterim($0) ? nil : $0 }
    }

    /// Whether the whole response has arrived, by its Content-Length. A response without one ends with the connection.
    package var isComplete: Bool {
        guard let headLength, let length = contentLength else { return false }
        return bytes.count - headLength >= length
    }

    /// Whether less has arrived than the Content-Length says, or not even the head.
    package var isCutShort: Bool { headLength == nil || contentLength != nil && !isComplete }

    /// The bytes after the head.
    package var body: ArraySlice<UInt8> { headLength.map { bytes.dropFirst($0) } ?? [] }

    /// A header's value, once the head is complete; the first of several values.
    ///
    /// - Parameter name: the header's name in lower case.
    package func field(_ name: String) -> String? {
        guard let headLength else { return nil }
        for line in bytes.prefix(headLength).split(separator: Byte.newline).dropFirst() {
            guard let colon = line.firstIndex(of: Byte.colon),
                String(decoding: line[..<colon], as: UTF8.self).lowercased() == name
            else { continue }
            var value = line[colon...].dropFirst()
            while let first = value.first, HTTPResponse.isSpace(first) { value.removeFirst() }
            while let last = value.last, HTTPResponse.isSpace(last) { value.removeLast() }
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { " \t\r".utf8.contains(byte) }

    /// 101 ends HTTP on the connection, so it is a final response.
    private static func isInterim(_ status: Int) -> Bool { (100..<200).contains(status) && status != 101 }

    /// The index after the blank line that ends the head. Lines end in CR LF, or, from old servers, in LF alone.
    private mutating func headEnd() -> Int? {
        var index = scanned
        while index < bytes.count {
            if bytes[index] == Byte.newline {
                let next = index + 1 < bytes.count && bytes[index + 1] == Byte.carriageReturn ? index + 2 : index + 1
                guard next < bytes.count else { break }
                if bytes[next] == Byte.newline { return next + 1 }
            }
            index += 1
        }
        scanned = index
        return nil
    }
}
