/// Reads the header lines of a head in one pass (RFC 9112, 5).
struct HeaderFieldParser {
    private(set) var fields: [HeaderField] = []
    private(set) var present: UInt64 = 0
    /// Where the empty line begins.
    private(set) var end: Int

    /// - Parameters:
    ///   - bytes: a whole head, with the empty line.
    ///   - start: where the first header line begins.
    /// - Throws: `.malformed` for a line that is not written as RFC 9112 says: such a line is read by one program in
    ///   another way than by the next.
    init(_ bytes: Span<UInt8>, from start: Int) throws(HeadRefusal) {
        end = start
        fields.reserveCapacity(24)
        while end < bytes.count {
            switch bytes[end] {
            case Byte.carriageReturn:
                _ = try Self.lineEnd(bytes, at: end)
                return
            case Byte.newline: throw Self.bareNewline
            case Byte.space, Byte.tab: throw .malformed("a header is folded over several lines")
            default: try readLine(bytes)
            }
        }
        throw .malformed("the head has no empty line at its end")
    }

    private mutating func readLine(_ bytes: Span<UInt8>) throws(HeadRefusal) {
        guard fields.count < HeadLimits.fields else { throw .tooLong }
        let start = end
        var reader = HeaderNameReader()
        var position = start
        while position < bytes.count, bytes[position] != Byte.colon {
            guard HeaderSyntax.isTokenByte(bytes[position]) else { throw Self.badName(bytes[position]) }
            reader.append(bytes[position])
            position += 1
        }
        guard position > start else { throw .malformed("a header has no name") }
        let nameEnd = position
        position += 1
        while position < bytes.count, HeaderSyntax.isSpace(bytes[position]) { position += 1 }
        let valueStart = position
        // Behind the last byte that is neither space nor tab.
        var valueEnd = position
        value: while position < bytes.count {
            let byte = bytes[position]
            if byte > Byte.space {
                position += 1
                valueEnd = position
                continue
            }
            switch byte {
            case Byte.carriageReturn: break value
            case Byte.newline: throw Self.bareNewline
            case 0: throw .malformed("a header has a NUL byte")
            case Byte.space, Byte.tab: position += 1
            default:
                position += 1
                valueEnd = position
            }
        }
        end = try Self.lineEnd(bytes, at: position)
        let known = reader.known
        if let known { present |= 1 << UInt64(known.rawValue) }
        fields.append(
            HeaderField(
                nameStart: UInt32(truncatingIfNeeded: start), nameEnd: UInt32(truncatingIfNeeded: nameEnd),
                valueStart: UInt32(truncatingIfNeeded: valueStart), valueEnd: UInt32(truncatingIfNeeded: valueEnd),
                lineEnd: UInt32(truncatingIfNeeded: end), known: known))
    }

    /// The offset behind the CRLF at this offset.
    static func lineEnd(_ bytes: Span<UInt8>, at position: Int) throws(HeadRefusal) -> Int {
        guard position < bytes.count else { throw .malformed("the head ends within a line") }
        guard bytes[position] == Byte.carriageReturn else { throw bareNewline }
        guard position + 1 < bytes.count, bytes[position + 1] == Byte.newline else {
            throw .malformed("a carriage return stands without a newline")
        }
        return position + 2
    }

    private static let bareNewline = HeadRefusal.malformed("a line ends without a carriage return")

    private static func badName(_ byte: UInt8) -> HeadRefusal {
        switch byte {
        case Byte.space, Byte.tab: .malformed("a header has a space before its colon")
        case Byte.carriageReturn, Byte.newline: .malformed("a header has no colon")
        default: .malformed("a header's name has a character that no name may have")
        }
    }
}
