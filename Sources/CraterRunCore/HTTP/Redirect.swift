/// The place to which a response's Location sends the browser (RFC 9110, section 10.2.2).
package struct Redirect {
    /// The host in the Location, perhaps with a port, in lower case; nil for the host that was asked.
    private let authority: String?
    /// The decoded segments of the path, without dot segments.
    private var segments: [[UInt8]]

    /// - Parameters:
    ///   - location: whatever the app wrote.
    ///   - base: the path that was asked for, without a query.
    init(_ location: String, from base: String) {
        var rest = Array(location.utf8.prefix { !"?#".utf8.contains($0) })[...]
        for scheme in ["http:", "https:"] where Redirect.lowercased(rest.prefix(scheme.utf8.count)) == scheme {
            rest = rest.dropFirst(scheme.utf8.count)
        }
        if rest.starts(with: "//".utf8) {
            let host = rest.dropFirst(2).prefix { $0 != Byte.slash }
            rest = rest[host.endIndex...]
            authority = Redirect.lowercased(host)
            segments = []
        } else {
            authority = nil
            segments = rest.first == Byte.slash ? [] : Redirect.segments(of: Array(base.utf8)[...])
            // Relative to the directory, which ends with the last slash.
            if !rest.isEmpty, base.utf8.last != Byte.slash { segments = segments.dropLast() }
        }
        for segment in Redirect.segments(of: rest) {
            switch segment {
            case Array(".".utf8): continue
            case Array("..".utf8): segments = segments.dropLast()
            default: segments.append(segment)
            }
        }
    }

    /// Whether the browser stays below the prefix, or at the prefix itself.
    func isWithin(_ prefix: PathPrefix) -> Bool {
        segments.starts(with: Redirect.segments(of: Array(prefix.withoutTrailingSlash.utf8)[...]))
    }

    /// Whether the redirect leads to one of these hosts, at any port, or to the host that was asked.
    func isAt(_ hosts: [String]) -> Bool {
        guard let authority else { return true }
        return hosts.contains { authority == $0 || authority.hasPrefix($0 + ":") }
    }

    /// The Location in the head of an HTTP response, as far as the head has arrived; nil if there is none.
    package static func location(in response: [UInt8]) -> String? {
        let name = "location:"
        var rest = response[...]
        while let end = rest.firstIndex(of: Byte.newline) {
            let line = rest[..<end]
            rest = rest[end...].dropFirst()
            if line.isEmpty || line.elementsEqual([Byte.carriageReturn]) { return nil }
            guard lowercased(line.prefix(name.utf8.count)) == name else { continue }
            let isSpace = { (byte: UInt8) in " \t\r".utf8.contains(byte) }
            let value = line.dropFirst(name.utf8.count).drop(while: isSpace)
            return String(decoding: value.prefix { !isSpace($0) }, as: UTF8.self)
        }
        return nil
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).lowercased()
    }

    /// Two slashes in a row count as one, as they do for nginx.
    private static func segments(of path: ArraySlice<UInt8>) -> [[UInt8]] {
        path.split(separator: Byte.slash).map { PercentEncoding.decode($0) }
    }
}
