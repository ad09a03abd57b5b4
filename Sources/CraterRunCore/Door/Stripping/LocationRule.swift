/// Where a redirect of an app leads that does not know its prefix (RFC 9110, 10.2.2).
///
/// A path goes below the prefix, and so does a URL of the app's own host: it becomes a path, so that the browser stays at
/// the scheme and the host that it has. A URL of another host stays, and so does `//other/path`.
struct LocationRule {
    let prefix: PrefixBytes
    let addresses: AppAddresses
    let request: RequestHead

    func write(_ field: HeaderField, to copier: inout LineCopier) {
        guard !prefix.isRoot else { return }
        let value = copier.bytes[field.value]
        guard let path = ownPath(in: value) else { return }
        copier.drop(value.startIndex..<path.startIndex)
        guard !prefix.contains(path.prefix { $0 != Byte.questionMark && $0 != UInt8(ascii: "#") }) else { return }
        copier.append(path.first == Byte.slash ? prefix.withoutSlash : prefix.withSlash[...])
    }

    /// The part of the value that is a path of the app, with its query and fragment. Nil where the value leads elsewhere,
    /// and for a relative path, which stays right.
    private func ownPath(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let slashes = [Byte.slash, Byte.slash]
        if value.first == Byte.slash, !value.starts(with: slashes) { return value }
        let scheme = ["http:", "https:"].first { HeaderSyntax.starts(value, withIgnoringCase: $0) } ?? ""
        let rest = value.dropFirst(scheme.utf8.count)
        guard rest.starts(with: slashes) else { return nil }
        let host = rest.dropFirst(2).prefix { !"/\\?#".utf8.contains($0) }
        if isOwn(host) { return value[host.endIndex...] }
        let isPath = scheme.isEmpty && StrippedTarget.beginsWithTwoSlashes(request, without: prefix)
        return isPath ? value : nil
    }

    private func isOwn(_ host: ArraySlice<UInt8>) -> Bool {
        let host = Self.normal(host)
        guard !host.isEmpty else { return false }
        if addresses.hosts.contains(where: { Self.normal($0[...]) == host }) { return true }
        if let own = request[.host], Self.normal(request.headers.slice(own)) == host { return true }
        var isOwn = false
        request.headers.forEachMember(of: .xForwardedHost) { if Self.normal($0) == host { isOwn = true } }
        return isOwn
    }

    /// In lower case, without the port if that is one of a scheme's own.
    private static func normal(_ host: ArraySlice<UInt8>) -> [UInt8] {
        let host = host.map(Byte.lowercase)
        for port in [":80", ":443"] where host.suffix(port.utf8.count).elementsEqual(port.utf8) {
            return host.dropLast(port.utf8.count)
        }
        return host
    }
}
