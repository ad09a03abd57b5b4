/// An HTTP/1 response (RFC 9112) as it comes in, in whatever pieces: the final one. Interim answers before it, such as
/// `100 Continue` and `103 Early Hints` (RFC 9110, section 15.2), are passed over and not kept.
package struct HTTPResponse: Equatable, Sendable {
    /// What has come of the final answer; while it has not begun, of the interim one under way.
    package private(set) var bytes: [UInt8] = []
    /// How many bytes have come, with those of interim answers.
    package private(set) var received = 0
    /// The status of the last interim answer that came whole.
    package private(set) var interim: Int?
    /// Up to where no end of the head was found.
    private var scanned = 0
    /// Where the body begins; nil until the head is whole.
    private var headLength: Int?

    package init() {}

    /// Takes in what comes next.
    package mutating func take(_ more: some Collection<UInt8>) {
        received += more.count
        bytes += more
        while headLength == nil, let end = headEnd() {
            guard let status = HTTPStatusLine.status(in: bytes), HTTPResponse.isInterim(status) else {
                headLength = end
                return
            }
            interim = status
            bytes.removeFirst(end)
            scanned = 0
        }
    }

    /// The final answer's status, 100…999; nil while it has not come, or if this is no HTTP.
    package var status: Int? {
        HTTPStatusLine.status(in: bytes).flatMap { headLength == nil && HTTPResponse.isInterim($0) ? nil : $0 }
    }

    /// Whether all of it is there, as its Content-Length says. One without ends where the connection does.
    package var isComplete: Bool {
        guard let headLength, let length = contentLength else { return false }
        return bytes.count - headLength >= length
    }

    /// Whether less is there than its Content-Length says, or not even the head.
    package var isCutShort: Bool { headLength == nil || contentLength != nil && !isComplete }

    /// What follows the head.
    package var body: ArraySlice<UInt8> { headLength.map { bytes.dropFirst($0) } ?? [] }

    /// A header's value, once the head is whole; the first one's of several.
    ///
    /// - Parameter name: in lower case.
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

    private var contentLength: Int? {
        field("content-length").flatMap { text in text.utf8.allSatisfy(Byte.isDigit) ? Int(text) : nil }
    }

    /// 101 is the end of HTTP on a connection, and so a final answer.
    private static func isInterim(_ status: Int) -> Bool { (100..<200).contains(status) && status != 101 }

    /// Where the blank line ends that ends a head: lines end in CR LF, and in LF alone for old servers.
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
