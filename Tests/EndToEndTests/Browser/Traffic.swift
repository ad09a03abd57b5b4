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

        var hasFailed: Bool { failure != nil || (status ?? 0) >= 400 }
        var summary: String { "\(method) \(url) → \(status.map { "\($0)" } ?? "-") \(failure ?? "")" }
    }

    struct Socket: Decodable {
        let url: String
        let received: Int
        let error: String?
    }

    let requests: [Request]
    let sockets: [Socket]
    /// The errors on the browser's console, and those that no script caught.
    let messages: [String]
    /// The paths of the cookies that the page has set.
    let cookies: [String]

    /// Checks that nothing left the prefix, and nothing failed.
    ///
    /// - Parameters:
    ///   - prefix: where everything has to be, with a slash at its end.
    ///   - known: the beginnings of the paths or URLs that are the app's own fault, outside of the prefix or failing.
    ///   - tolerated: what is in messages of scripts of the app's that fail wherever it is served.
    ///   - cookiePaths: the paths of cookies that others on this host may get.
    func expectAll(
        within prefix: String, of ingress: Ingress, but known: [String] = [], tolerating tolerated: [String] = [],
        sharing cookiePaths: [String] = [], _ place: SourceLocation = #_sourceLocation
    ) {
        let (page, base) = (ingress.url(String(prefix.dropLast())), ingress.url(prefix))
        let excused = known.map { $0.hasPrefix("/") ? ingress.url($0) : $0 }
        let strange = requests.filter { request in
            let isInside = request.url.hasPrefix(base) || request.url == page || request.url.hasPrefix("\(page)?")
            // What is in the page itself is asked of nobody.
            let isInline = ["data:", "blob:"].contains { request.url.hasPrefix($0) }
            return (!isInside && !isInline || request.hasFailed) && !excused.contains { request.url.hasPrefix($0) }
        }
        #expect(strange.map(\.summary) == [], "outside of \(prefix), or failed", sourceLocation: place)
        #expect(requests.count > 5, "a page asks for more than that", sourceLocation: place)
        let socketBase = base.replacing(/^https/, with: "wss")
        let astray = sockets.filter { !$0.url.hasPrefix(socketBase) || $0.error != nil }
        #expect(astray.map(\.url) == [], "websockets outside of \(prefix), or failed", sourceLocation: place)
        let complaints = messages.filter { message in !(excused + tolerated).contains { message.contains($0) } }
        #expect(complaints == [], "errors in the browser", sourceLocation: place)
        #expect(
            cookies.filter { !"\($0)/".hasPrefix(prefix) && !cookiePaths.contains($0) } == [], "cookies for others",
            sourceLocation: place)
    }

    /// Checks that a websocket with this path brought messages.
    func expectSocket(
        _ path: String, within prefix: String, of ingress: Ingress, _ place: SourceLocation = #_sourceLocation
    ) {
        let url = ingress.url("\(prefix)\(path)").replacing(/^https/, with: "wss")
        let found = sockets.filter { $0.url.hasPrefix(url) && $0.received > 0 }
        #expect(found.count > 0, "nothing came by \(url), but at \(sockets.map(\.url))", sourceLocation: place)
    }
}
