/// The page to which a user comes after the login.
enum NextPage {
    /// Checks a `next` from outside: a path below the prefix, perhaps with a query and a fragment.
    ///
    /// - Returns: the same place in the rule's own spelling of the prefix, since only there does the browser send the
    ///   cookie. The prefix itself if the text names another place, or a place that some browser could read as another.
    static func path(_ text: some Sequence<UInt8>, below route: DoorRoute) -> String {
        let fallback = route.prefix.withTrailingSlash
        let bytes = Array(text)
        let path = bytes.prefix { !"?#".utf8.contains($0) }
        // Browsers read a backslash as a slash, drop tabs and line ends, and strip what stands around a URL.
        guard bytes.count <= 8192, bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != Byte.backslash }),
            let end = route.path.end(in: path), end < path.endIndex
        else { return fallback }
        let rest = path[end...]
        let segments = rest.dropFirst().split(separator: Byte.slash, omittingEmptySubsequences: false)
            .map { PercentEncoding.decode($0) }
        // `..` leads out of the prefix, and `//host` to another host.
        guard !segments.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }),
            segments.count == 1 || segments.first?.isEmpty == false,
            segments.first?.first != Byte.slash, segments.first?.first != Byte.backslash,
            !DoorOwnPage.isOwn(rest)
        else { return fallback }
        return route.prefix.appending(String(decoding: bytes[end...], as: UTF8.self))
    }
}
