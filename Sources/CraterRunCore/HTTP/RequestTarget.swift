/// What a request asks for: path and query of its target (RFC 9112, section 3.2), whether that is a path or a whole URL, as
/// clients send it that take us for a proxy.
package struct RequestTarget: Equatable, Sendable {
    /// What is between the path's slashes, decoded: one empty text for `/`. An encoded slash is no slash.
    package let segments: [String]
    /// What follows the question mark; nil if there is none.
    package let query: String?

    /// Nil for a target without a path: `*` of OPTIONS, and `host:port` of CONNECT.
    package init?(_ target: String) {
        var rest = Array(target.utf8)[...]
        for scheme in ["http://", "https://"] where RequestTarget.begins(rest, with: scheme) {
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != Byte.slash && $0 != UInt8(ascii: "?") }
            // A URL need not have a path.
            if rest.first != Byte.slash { rest = [Byte.slash] + rest }
        }
        guard rest.first == Byte.slash else { return nil }
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        segments = path.dropFirst().split(separator: Byte.slash, omittingEmptySubsequences: false)
            .map { String(decoding: PercentEncoding.decode($0), as: UTF8.self) }
        query =
            path.endIndex < rest.endIndex ? String(decoding: rest[path.endIndex...].dropFirst(), as: UTF8.self) : nil
    }

    /// Whether the query has this word, alone or with a value.
    package func asks(for word: String) -> Bool {
        query?.split(separator: "&").contains { $0 == word || $0.hasPrefix("\(word)=") } ?? false
    }

    private static func begins(_ bytes: ArraySlice<UInt8>, with scheme: String) -> Bool {
        String(decoding: bytes.prefix(scheme.utf8.count), as: UTF8.self).lowercased() == scheme
    }
}
