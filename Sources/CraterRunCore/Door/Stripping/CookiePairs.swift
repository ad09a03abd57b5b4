/// The pairs of a Cookie header: what stands between its semicolons (RFC 6265, 5.4). Quotes do not hold a pair together,
/// as in browsers.
struct CookiePairs {
    private let end: Int
    private var position: Int
    private var isFirst = true

    /// A pair: `separator` is the offset of the semicolon before the pair, and the pair's own start for the first one.
    struct Pair {
        let separator: Int
        /// With the spaces around the pair.
        let range: Range<Int>
    }

    /// - Parameter value: where the header's value stands.
    init(_ value: Range<Int>) {
        position = value.lowerBound
        end = value.upperBound
    }

    /// - Parameter bytes: the bytes of the head, which the value is within.
    mutating func next(in bytes: Span<UInt8>) -> Pair? {
        guard isFirst || position < end else { return nil }
        let start = isFirst ? position : position + 1
        let separator = position
        isFirst = false
        position = start
        while position < end, bytes[position] != Byte.semicolon { position += 1 }
        return Pair(separator: separator, range: start..<position)
    }
}

extension CookiePairs.Pair {
    /// The name without the spaces around it; empty for a pair without `=`.
    func name(in bytes: Span<UInt8>) -> Range<Int> {
        let start = start(in: bytes)
        var end = start
        while end < range.upperBound, bytes[end] != Byte.equals { end += 1 }
        guard end < range.upperBound else { return start..<start }
        while end > start, HeaderSyntax.isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Whether the pair has one of these names.
    func isNamed(_ names: [[UInt8]], in bytes: Span<UInt8>) -> Bool {
        let range = name(in: bytes)
        return names.contains { name in
            name.count == range.count && zip(range, name).allSatisfy { bytes[$0] == $1 }
        }
    }

    /// Where the pair begins without spaces; the pair's end if it is nothing but spaces.
    func start(in bytes: Span<UInt8>) -> Int {
        var start = range.lowerBound
        while start < range.upperBound, HeaderSyntax.isSpace(bytes[start]) { start += 1 }
        return start
    }
}
