/// Puts the Path of an app's cookie below the prefix that the app does not know (RFC 6265, 4.1.2.4).
///
/// A cookie without a Path stays: the browser takes the path of the request, which has the prefix. So does one whose name
/// begins with `__Host-`, which browsers refuse with any Path but `/`.
enum CookiePath {
    /// Keeps the cookie of an app that knows its prefix within the prefix: a Path that is not below the prefix becomes the
    /// prefix. A browser refuses a cookie whose name begins with `__Host-` then, since it would leave the prefix.
    static func clamp(_ field: HeaderField, to prefix: PrefixBytes, in copier: inout LineCopier) {
        guard !prefix.isRoot else { return }
        for path in paths(in: copier.bytes[field.value]) where !prefix.contains(path) {
            copier.drop(path.startIndex..<path.endIndex)
            copier.append(prefix.withoutSlash)
        }
    }

    static func write(_ field: HeaderField, below prefix: PrefixBytes, to copier: inout LineCopier) {
        guard !prefix.isRoot else { return }
        let value = copier.bytes[field.value]
        guard !HeaderSyntax.starts(value, withIgnoringCase: "__Host-") else { return }
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
