/// Puts the Path of an app's cookie below the prefix that the app does not know (RFC 6265, 4.1.2.4).
///
/// A cookie without a Path stays: the browser takes the path of the request, which has the prefix.
///
/// Browsers refuse a cookie whose name begins with `__Host-` with any Path but `/` (RFC 6265bis, 4.1.3.2), so such a cookie
/// belongs to the whole host. An app that has a host, or a share of one, to itself may set it. Below a home page, where the
/// neighbours are apps of the same login, no cookie may leave the app: its Path goes below the prefix like every other, and
/// the browser refuses the cookie.
enum CookiePath {
    /// Keeps the cookie of an app that knows its prefix within the prefix: a Path that is not below the prefix becomes the
    /// prefix.
    static func clamp(_ field: HeaderField, to prefix: PrefixBytes, in copier: inout LineCopier) {
        guard !prefix.isRoot else { return }
        for path in paths(in: copier.bytes[field.value]) where !prefix.contains(path) {
            copier.drop(path.startIndex..<path.endIndex)
            copier.append(prefix.withoutSlash)
        }
    }

    /// Puts the cookie of an app that does not know its prefix below the prefix.
    ///
    /// - Parameter keepsHostCookies: whether a cookie whose name begins with `__Host-` stays as it is.
    static func write(
        _ field: HeaderField, below prefix: PrefixBytes, keepsHostCookies: Bool, to copier: inout LineCopier
    ) {
        guard !prefix.isRoot else { return }
        let value = copier.bytes[field.value]
        if keepsHostCookies, HeaderSyntax.starts(value, withIgnoringCase: "__Host-") { return }
        for path in paths(in: value) where !prefix.contains(path) {
            copier.copy(upTo: path.startIndex)
            copier.append(prefix.withoutSlash)
        }
    }

    /// The values of the attributes Path. Browsers do not take those that are no absolute path.
    private static func paths(in value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        value.split(separator: Byte.semicolon).dropFirst().compactMap { attribute in
            guard let equals = attribute.firstIndex(of: Byte.equals),
                HeaderSyntax.equals(HeaderSyntax.trimmed(attribute[..<equals]), ignoringCase: "path")
            else { return nil }
            let path = HeaderSyntax.trimmed(attribute[(equals + 1)...])
            return path.first == Byte.slash ? path : nil
        }
    }
}
