/// The request target that an app without a prefix is given: the path behind the prefix, and the query, byte for byte.
enum StrippedTarget {
    /// Writes the target in the place of the head's own. A target that is not at the prefix stays.
    static func write(_ head: RequestHead, without prefix: PrefixBytes, to copier: inout LineCopier) {
        guard let end = prefix.end(in: head.headers.slice(head.path)) else { return }
        copier.drop(head.target.lowerBound..<end)
        if end == head.path.upperBound { copier.append("/") }
    }

    /// Whether the stripped target begins with two slashes. An app that redirects such a request to its own path sends a
    /// Location that browsers would take for another host.
    static func beginsWithTwoSlashes(_ head: RequestHead, without prefix: PrefixBytes) -> Bool {
        let path = head.headers.slice(head.path)
        guard let end = prefix.end(in: path) else { return false }
        return path[end...].starts(with: [Byte.slash, Byte.slash])
    }
}
