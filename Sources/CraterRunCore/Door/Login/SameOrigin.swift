/// Whether a browser sent a request for a page of the same host, so that its cookie counts for more than reading.
///
/// Another tenant's page on the same host passes: no header tells two paths of one host apart.
enum SameOrigin {
    /// By `Sec-Fetch-Site` (W3C Fetch Metadata); from a browser that does not send it, by the Origin's host (RFC 6454). A
    /// request with neither comes from a program or an old browser: it is allowed, but not to open a websocket, for
    /// which every browser sends an Origin.
    static func isProven(by head: RequestHead) -> Bool {
        let sites = head.headers.values(of: .secFetchSite)
        if !sites.isEmpty {
            return sites.allSatisfy { site in ["same-origin", "none"].contains { head.headers.equals(site, $0) } }
        }
        let origins = head.headers.values(of: .origin)
        guard !origins.isEmpty else { return !head.isUpgrade }
        guard let host = head[.host].map({ head.text($0).lowercased() }) else { return false }
        return origins.allSatisfy { isHost(head.text($0).lowercased(), host) }
    }

    /// Whether an Origin names this host and port. The scheme's own port may be left out in either.
    private static func isHost(_ origin: String, _ host: String) -> Bool {
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where origin.hasPrefix(scheme) {
            let authority = origin.dropFirst(scheme.count)
            return without(port, authority) == without(port, host[...])
        }
        return false
    }

    private static func without(_ port: String, _ authority: Substring) -> Substring {
        authority.hasSuffix(port) ? authority.dropLast(port.count) : authority
    }
}
