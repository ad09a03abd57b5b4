/// Which forms of a login's cookie a browser is given.
///
/// A door cannot see whether the browser speaks TLS to the ingress, and believes no proxy about it. The browser itself says
/// it: by its Origin, and by sending Sec-Fetch headers, which it sends only over TLS and to its own host.
enum DoorCookieForm: Equatable {
    case secure
    case plain
    /// Over plain HTTP to the own host, where some browsers keep a secure cookie and others refuse it.
    case both

    var hasSecure: Bool { self != .plain }
    var hasPlain: Bool { self != .secure }

    init(of head: RequestHead) {
        let origin = head[.origin].map { head.text($0).lowercased() } ?? ""
        let host = head[.host].map { head.text($0).lowercased() } ?? ""
        if origin.hasPrefix("https://") {
            self = .secure
        } else if origin.hasPrefix("http://") {
            self = DoorCookieForm.isOwnHost(origin.dropFirst("http://".count)) ? .both : .plain
        } else if head.headers.contains(.secFetchSite) {
            self = DoorCookieForm.isOwnHost(host[...]) ? .both : .secure
        } else {
            self = .plain
        }
    }

    /// Whether browsers trust plain HTTP to this host, which may have a port (W3C Secure Contexts, section 3.1).
    private static func isOwnHost(_ authority: Substring) -> Bool {
        if authority.hasPrefix("[::1]") { return true }
        let name = authority.prefix { $0 != ":" }
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.first == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
