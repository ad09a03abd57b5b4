/// Finds the end of a head in a buffer that grows. The scanner remembers how far it has searched, so that a sender of
/// single bytes costs no more than one of whole heads.
package struct HeadScanner: Sendable {
    package enum Progress: Equatable, Sendable {
        /// The head does not end in these bytes.
        case more
        /// The head is the first so many bytes, with the empty line.
        case end(Int)
        /// The head is longer than the limit.
        case tooLong
        /// The first byte begins no head of HTTP: TLS at a port without TLS, for example.
        case notHTTP
    }

    private let limit: Int
    /// The bytes before this offset have been searched.
    private var searched = 0
    /// Whether the bytes searched so far are empty lines, which may stand before a request (RFC 9112, 2.2).
    private var isBeforeFirstLine = true
    /// The offset after the last line end that was found; nil where a line's first byte has been seen.
    private var lineStart: Int?

    package init(limit: Int) { self.limit = limit }

    /// - Parameter bytes: all bytes from the head's first on. A later call is given the same bytes and more. After
    ///   `.end` the scanner is at the beginning of another head.
    package mutating func scan(_ bytes: Span<UInt8>) -> Progress {
        let end = min(bytes.count, limit)
        while searched < end {
            let byte = bytes[searched]
            searched += 1
            if isBeforeFirstLine {
                if byte == Byte.newline || byte == Byte.carriageReturn { continue }
                guard HeaderSyntax.isTokenByte(byte) else { return .notHTTP }
                isBeforeFirstLine = false
            } else if byte == Byte.newline {
                if lineStart != nil {
                    let length = searched
                    self = HeadScanner(limit: limit)
                    return .end(length)
                }
                lineStart = searched
            } else if let start = lineStart, byte != Byte.carriageReturn || searched != start + 1 {
                lineStart = nil
            }
        }
        return bytes.count >= limit ? .tooLong : .more
    }

    package mutating func scan(_ bytes: [UInt8]) -> Progress { scan(bytes.span) }
}
