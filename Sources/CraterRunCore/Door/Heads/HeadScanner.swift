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
    /// Whether the bytes searched so far end with a newline, or with a newline and a carriage return.
    private var isAtLineStart = false

    package init(limit: Int) { self.limit = limit }

    /// - Parameter bytes: all bytes from the head's first on. A later call is given the same bytes and more. After
    ///   `.end` the scanner is at the beginning of another head.
    package mutating func scan(_ bytes: Span<UInt8>) -> Progress {
        let end = min(bytes.count, limit)
        while isBeforeFirstLine, searched < end {
            if bytes[searched] == Byte.newline || bytes[searched] == Byte.carriageReturn {
                searched += 1
            } else {
                guard HeaderSyntax.isTokenByte(bytes[searched]) else { return .notHTTP }
                isBeforeFirstLine = false
            }
        }
        if let length = emptyLine(in: bytes, upTo: end) {
            self = HeadScanner(limit: limit)
            return .end(length)
        }
        return bytes.count >= limit ? .tooLong : .more
    }

    package mutating func scan(_ bytes: [UInt8]) -> Progress { scan(bytes.span) }

    /// The offset behind the first empty line; nil if there is none before `end`.
    private mutating func emptyLine(in bytes: Span<UInt8>, upTo end: Int) -> Int? {
        var position = searched
        defer { searched = position }
        while position < end {
            if isAtLineStart {
                if bytes[position] == Byte.newline { return position + 1 }
                // One carriage return still belongs to the line's end; with a second one the line is not empty.
                isAtLineStart = bytes[position] == Byte.carriageReturn && bytes[position - 1] == Byte.newline
                position += 1
            } else {
                while position < end, bytes[position] != Byte.newline { position += 1 }
                guard position < end else { break }
                position += 1
                isAtLineStart = true
            }
        }
        return nil
    }
}
