/// A route's prefix as bytes, made once for the route.
package struct PrefixBytes: Equatable, Sendable {
    /// `/a/`, or `/` for the root.
    package let withSlash: [UInt8]
    private let hasEscape: Bool

    package init(_ prefix: PathPrefix) {
        withSlash = Array(prefix.withTrailingSlash.utf8)
        hasEscape = withSlash.contains(UInt8(ascii: "%"))
    }

    /// `/a`; empty for the root.
    package var withoutSlash: ArraySlice<UInt8> { withSlash.dropLast() }

    package var isRoot: Bool { withSlash.count <= 1 }

    /// Whether the path is the prefix or is below it: `/a` and `/a/b` are at `/a`, and `/ab` is not.
    package func contains(_ path: ArraySlice<UInt8>) -> Bool { end(in: path) != nil }

    /// Where the path goes on after the prefix: at its end or at a slash. Nil for a path that is not at the prefix.
    ///
    /// A character and its escape are the same (RFC 3986, 6.2.2): browsers write `@` or `%40` as they like. An escaped
    /// slash is none.
    package func end(in path: ArraySlice<UInt8>) -> Int? {
        let prefix = withoutSlash
        if path.starts(with: prefix) {
            let end = path.startIndex + prefix.count
            return end == path.endIndex || path[end] == Byte.slash ? end : nil
        }
        guard hasEscape || path.prefix(prefix.count).contains(UInt8(ascii: "%")) else { return nil }
        var (ours, theirs) = (UnescapedBytes(prefix), UnescapedBytes(path))
        while let byte = ours.next() {
            guard theirs.next() == byte else { return nil }
        }
        let end = theirs.position
        return end == path.endIndex || path[end] == Byte.slash ? end : nil
    }
}

/// Reads bytes with their percent-escapes decoded. An escaped slash, and a `%` without two digits, stay as they are.
private struct UnescapedBytes {
    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func next() -> UInt8? {
        guard position < bytes.endIndex else { return nil }
        let byte = bytes[position]
        position += 1
        guard byte == UInt8(ascii: "%"), bytes.endIndex - position >= 2,
            let high = Byte.hexValue(bytes[position]), let low = Byte.hexValue(bytes[position + 1])
        else { return byte }
        let value = UInt8(truncatingIfNeeded: high << 4 | low)
        guard value != Byte.slash else { return byte }
        position += 2
        return value
    }
}
