import Foundation
import Testing

/// Everything that a page asked for, as the browser saw it.
struct Traffic: Decodable {
    struct Request: Decodable {
        let method: String
        let url: String
        /// None where no answer came, or not yet.
        let status: Int?
        let failure: String?
        /// The page that asked, as far as it told; empty if it did not.
        let page: String

        /// Whether the page itself has hung up, before an answer or after a good one.
        var isAbandoned: Bool { failure == "net::ERR_ABORTED" && (status ?? 200) < 400 }
        var hasFailed: Bool { failure != nil || (status ?? 0) >= 400 }
        var summary: String {
            "\(method) \(url) → \(status.map { "\($0)" } ?? "-") \(failure ?? "") for \(page)"
        }
    }

    struct Socket: Decodable {
        let url: String
        let received: Int
        let error: String?

        /// The page itself has closed the socket before an answer came: Notebook 7 does so now and then, and opens another.
        var isAbandoned: Bool { error == "WebSocket is closed before the connection is established." }
        var hasFailed: Bool { error != nil && !isAbandoned }
    }

    struct Cookie: Decodable {
        let name: String
        let path: String
    }

    let requests: [Request]
    let sockets: [Socket]
    /// The errors on the browser's console, and those that no script caught.
    let messages: [String]
    /// The cookies that the pages have set.
    let cookies: [Cookie]

    /// Checks that nothing left the prefix, and nothing failed.
    ///
    /// - Parameters:
    ///   - prefix: where everything has to be, with a slash at its end.
    ///   - known: the beginnings of the paths or URLs that are the app's own fault, outside of the prefix or failing.
    ///   - tolerated: what is in messages of scripts of the app's that fail wherever it is served.
    func expectAll(
        within prefix: String, of ingress: Ingress, but known: [String] = [], tolerating tolerated: [String] = [],
        _ place: SourceLocation = #_sourceLocation
    ) {
        expectAll(within: [prefix], of: ingress, but: known, tolerating: tolerated, place)
    }

    /// Checks that nothing left the prefixes, nothing of one prefix asked for anything of another, and nothing failed.
    ///
    /// - Parameters:
    ///   - abandoned: the beginnings of what a page may hang up on.
    ///   - loginPages: the pages that were first answered by a login, whose status is 401.
    ///   - entrances: the pages from which people go to those of other prefixes.
    ///   - cookieNames: the cookies that others on this host may get.
    func expectAll(
        within prefixes: [String], of ingress: Ingress, but known: [String] = [], abandoning abandoned: [String] = [],
        tolerating tolerated: [String] = [], sharing cookieNames: Set<String> = [], loginPages: [String] = [],
        entrances: [String] = [], _ place: SourceLocation = #_sourceLocation
    ) {
        let bases = prefixes.map { ingress.url($0).decoded }
        func urls(_ beginnings: [String]) -> [String] {
            beginnings.map { ($0.hasPrefix("/") ? ingress.url($0) : $0).decoded }
        }
        let (excused, left, logins) = (urls(known), urls(abandoned), Set(loginPages.map { ingress.url($0).decoded }))
        func base(of url: String) -> String? {
            let url = url.decoded
            return bases.first { url.hasPrefix($0) || url == $0.dropLast() || url.hasPrefix("\($0.dropLast())?") }
        }
        let strange = requests.filter { request in
            if request.status == 401, logins.contains(request.url.decoded) { return false }
            let (inside, asking) = (base(of: request.url), base(of: request.page))
            // What is in the page itself is asked of nobody.
            let isInline = ["data:", "blob:"].contains { request.url.hasPrefix($0) }
            let isWayOn = entrances.contains { ingress.url($0) == request.page }
            let isWrong =
                inside == nil && !isInline || asking != nil && inside != nil && asking != inside && !isWayOn
            let isBad = isWrong || request.hasFailed
            return isBad
                && !(request.isAbandoned ? excused + left : excused).contains { request.url.decoded.hasPrefix($0) }
        }
        #expect(strange.map(\.summary) == [], "outside of its prefix, or failed", sourceLocation: place)
        #expect(requests.count > 5, "a page asks for more than that", sourceLocation: place)
        let astray = sockets.filter { socket in
            base(of: socket.url.replacing(/^wss/, with: "https")) == nil || socket.hasFailed
        }
        #expect(
            astray.map { "\($0.url): \($0.error ?? "outside")" } == [], "websockets outside of a prefix, or failed",
            sourceLocation: place)
        // A page is named by its address, without what follows # in the link that led there.
        let complaints = messages.map { $0.replacing(/#[^)]*/, with: "") }.filter { message in
            !(excused + tolerated).contains { message.decoded.contains($0) }
                && !(message.contains("status of 401") && logins.contains { message.decoded.hasSuffix("(\($0))") })
        }
        #expect(complaints == [], "errors in the browser", sourceLocation: place)
        let wide = cookies.filter { cookie in
            !cookieNames.contains(cookie.name)
                && !prefixes.contains { "\(cookie.path)/".decoded.hasPrefix($0.decoded) }
        }
        #expect(wide.map { "\($0.name) for \($0.path)" } == [], "cookies for others", sourceLocation: place)
    }

    /// Checks that a websocket with this path brought messages.
    func expectSocket(
        _ path: String, within prefix: String, of ingress: Ingress, _ place: SourceLocation = #_sourceLocation
    ) {
        let url = ingress.url("\(prefix)\(path)").replacing(/^https/, with: "wss").decoded
        let found = sockets.filter { $0.url.decoded.hasPrefix(url) && $0.received > 0 }
        #expect(found.count > 0, "nothing came by \(url), but at \(sockets.map(\.url))", sourceLocation: place)
    }
}

extension String {
    /// Without escapes: apps and browsers may write a path with more or fewer of them.
    fileprivate var decoded: String { removingPercentEncoding ?? self }
}
