/// Puts the Path of an app's cookie below the prefix that the app does not know (RFC 6265, 4.1.2.4).
///
/// A cookie without a Path stays: the browser takes the path of the request, which has the prefix. So does one whose name
/// begins with `__Host-`, which browsers refuse with any Path but `/`.
enum CookiePath {
    static func write(_ field: HeaderField, below prefix: PrefixBytes, to copier: inout LineCopier) {
        guard !prefix.isRoot else { return }
        let value = copier.bytes[field.value]
        guard !HeaderSyntax.starts(value, withIgnoringCase: "__Host-") else { return }
        for attribute in value.split(separator: Byte.semicolon).dropFirst() {
            guard let equals = attribute.firstIndex(of: Byte.equals),
                HeaderSyntax.equals(HeaderSyntax.trimmed(attribute[..<equals]), ignoringCase: "path")
            else { continue }
            let path = HeaderSyntax.trimmed(attribute[(equals + 1)...])
            guard path.first == Byte.slash, !prefix.contains(path) else { continue }
            copier.copy(upTo: path.startIndex)
            copier.append(prefix.withoutSlash)
        }
    }
}
