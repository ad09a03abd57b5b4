/// A key in the query of a request: `?key=…`. It is taken, although a link has the key better in its fragment, where no log
/// shows it.
struct QueryKey: Equatable {
    /// The decoded key. A plus sign is itself: people paste keys into links.
    let key: [UInt8]
    /// The query without the key; nil if nothing is left of it.
    let rest: String?

    /// Nil if the query has no key. The first of several is meant.
    init?(_ query: ArraySlice<UInt8>) {
        let parts = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(where: { $0.starts(with: QueryKey.name) }) else { return nil }
        key = QueryKey.key(in: parts[place])
        let others = parts[..<place] + parts[place...].dropFirst()
        rest = others.isEmpty ? nil : String(decoding: Array(others.joined(separator: "&".utf8)), as: UTF8.self)
    }

    /// What a parameter with a key begins with.
    static let name = Array("key=".utf8)

    /// The key of a parameter that begins with ``name``.
    static func key(in parameter: ArraySlice<UInt8>) -> [UInt8] {
        PercentEncoding.decode(parameter.dropFirst(name.count))
    }
}
