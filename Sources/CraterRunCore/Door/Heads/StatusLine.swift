/// The first line of a response: version, status and, mostly, a reason (RFC 9112, 4).
struct StatusLine {
    let version: HTTPVersion
    /// From 100 to 999.
    let status: Int
    /// `200 OK`. Some apps write `200` without a reason and without the space before it.
    let statusAndReason: Range<Int>
    /// Where the first header line begins.
    let end: Int

    init(_ bytes: Span<UInt8>) throws(HeadRefusal) {
        version = try HTTPVersion(bytes, at: 0)
        var position = HTTPVersion.length
        while position < bytes.count, bytes[position] == Byte.space { position += 1 }
        let start = position
        guard start > HTTPVersion.length, bytes.count - start >= 3 else { throw Self.noStatus }
        var status = 0
        for offset in start..<start + 3 {
            guard Byte.isDigit(bytes[offset]) else { throw Self.noStatus }
            status = status * 10 + Int(bytes[offset] & 15)
        }
        position = start + 3
        guard status >= 100, position < bytes.count else { throw Self.noStatus }
        guard bytes[position] == Byte.space || bytes[position] == Byte.carriageReturn else { throw Self.noStatus }
        while position < bytes.count, bytes[position] >= Byte.space || bytes[position] == Byte.tab { position += 1 }
        self.status = status
        statusAndReason = start..<position
        end = try HeaderFieldParser.lineEnd(bytes, at: position)
    }

    private static let noStatus = HeadRefusal.malformed("the first line has no status")
}
