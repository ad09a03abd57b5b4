/// The target of an HTTP request, as path and query (RFC 9112, section 3.2). The target may be a whole URL, as a client
/// sends it to a proxy.
package struct RequestTarget: Equatable, Sendable {
    /// The decoded texts between the path's slashes: one empty text for `/`. An encoded slash separates nothing.
    package let segments: [String]
    /// The text after the question mark; nil if there is none.
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
