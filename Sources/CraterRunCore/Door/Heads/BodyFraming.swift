/// How the end of a message's body is found (RFC 9112, 6.3).
package enum BodyFraming: Equatable, Sendable {
    case none
    /// Bytes; at most `Int.max`.
    case length(UInt64)
    case chunked
    /// The body ends with the connection. Only a response has this framing.
    case untilClose
}

extension BodyFraming {
    /// The framing of a request. Whatever two programs could read differently is refused.
    init(ofRequest headers: HeaderFields, version: HTTPVersion) throws(HeadRefusal) {
        let hasLength = headers.contains(.contentLength)
        guard headers.contains(.transferEncoding) else {
            guard hasLength else {
                self = .none
                return
            }
            let lengths = headers.values(of: .contentLength)
            guard let length = lengths.first, lengths.count == 1 else {
                throw .ambiguousFraming("the request has several Content-Length headers")
            }
            guard let length = Self.length(headers.slice(length)) else {
                throw .ambiguousFraming("the Content-Length is not one number")
            }
            self = .length(length)
            return
        }
        guard !hasLength else { throw .ambiguousFraming("the request has both Content-Length and Transfer-Encoding") }
        guard version == .v11 else { throw .ambiguousFraming("a request of HTTP/1.0 has a Transfer-Encoding") }
        try Self.checkIsChunked(headers)
        self = .chunked
    }

    /// The framing of a response that can have a body. Chunked wins over a length, and equal lengths count as one: RFC 9112
    /// allows a recipient both.
    init(ofResponse headers: HeaderFields) throws(HeadRefusal) {
        let codings = TransferCodings(headers)
        if codings.isLastChunked {
            guard codings.chunked == 1 else { throw .ambiguousFraming("the response is chunked more than once") }
            self = .chunked
        } else if !codings.isNone {
            self = .untilClose
        } else if headers.contains(.contentLength) {
            self = .length(try Self.equalLengths(headers))
        } else {
            self = .untilClose
        }
    }

    /// Accepts exactly one header with exactly `chunked`: a list with empty members is not one for every program.
    private static func checkIsChunked(_ headers: HeaderFields) throws(HeadRefusal) {
        let values = headers.values(of: .transferEncoding)
        if let value = values.first, values.count == 1, headers.equals(value, ignoringCase: "chunked") { return }
        let codings = TransferCodings(headers)
        guard codings.isLastChunked, codings.chunked == 1, codings.others > 0 else {
            throw .ambiguousFraming("chunked is not the last Transfer-Encoding, once")
        }
        throw .unsupportedTransferCoding
    }

    private static func equalLengths(_ headers: HeaderFields) throws(HeadRefusal) -> UInt64 {
        var (length, areEqual) = (UInt64?.none, true)
        headers.forEachMember(of: .contentLength) { member in
            let next = Self.length(member)
            areEqual = areEqual && next != nil && (length == nil || length == next)
            length = next
        }
        guard let length, areEqual else {
            throw .ambiguousFraming("the response's Content-Length is not one number")
        }
        return length
    }

    /// The number that the text is; nil for anything but digits, and beyond `Int.max`.
    private static func length(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard !text.isEmpty else { return nil }
        var length: UInt64 = 0
        for byte in text {
            guard Byte.isDigit(byte), length <= UInt64(Int.max) / 10 else { return nil }
            length = length * 10 + UInt64(byte & 15)
        }
        return length <= UInt64(Int.max) ? length : nil
    }
}
