import Testing

@testable import CraterRunCore

struct RequestHeadTests {
    @Test func readsARequest() throws {
        let head = try HeadText.request(
            "POST /ingress/x/a%2Fb?c=d?e HTTP/1.1", "Host: h.example:8443", "cOOkie:a=1", "X-Empty:",
            "X-Pad: \t b c \t ",
            "Cookie: b=2", "Content-Length: 12")
        #expect(head.method == .post)
        #expect(head.text(head.methodName) == "POST")
        #expect(head.text(head.target) == "/ingress/x/a%2Fb?c=d?e")
        #expect(head.text(head.path) == "/ingress/x/a%2Fb")
        #expect(head.query.map(head.text) == "c=d?e")
        #expect(head.version == .v11)
        #expect(head.framing == .length(12))
        #expect(head[.host].map(head.text) == "h.example:8443")
        #expect(head.headers.values(of: .cookie).map(head.text) == ["a=1", "b=2"])
        #expect(
            head.headers.fields.map { head.text($0.name) + "=" + head.text($0.value) }.dropFirst(2) == [
                "X-Empty=", "X-Pad=b c", "Cookie=b=2", "Content-Length=12",
            ])
        #expect(head.headers.fields.map { head.text($0.line) }[1] == "cOOkie:a=1\r\n")
        #expect(head[.origin] == nil)
        #expect(!head.headers.contains(.origin))
    }

    @Test(
        arguments: [
            ("/", "/", nil), ("/?", "/", ""), ("//a/../b;c", "//a/../b;c", nil),
            ("/\u{E4}?\u{FF}", "/\u{E4}", "\u{FF}"),
            ("http://h", "", nil), ("HTTPS://h:1/a?b", "/a", "b"), ("http://h?q", "", "q"), ("/a#b", "/a#b", nil),
            ("/a?b=http://c/", "/a", "b=http://c/"),
        ] as [(String, String, String?)])
    func readsATarget(_ target: String, _ path: String, _ query: String?) throws {
        let head = try HeadText.get(target)
        #expect(HeadText.text(head.headers.slice(head.target)) == target)
        #expect(HeadText.text(head.headers.slice(head.path)) == path)
        #expect(head.query.map { HeadText.text(head.headers.slice($0)) } == query)
    }

    @Test func readsAnAsteriskOfOptionsOnly() throws {
        let head = try HeadText.request("OPTIONS * HTTP/1.1", "Host: h")
        #expect(head.path.isEmpty)
        #expect(throws: HeadRefusal.self) { try HeadText.request("GET * HTTP/1.1", "Host: h") }
    }

    @Test(
        arguments: [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete), ("OPTIONS", .options),
            ("TRACE", .trace), ("PATCH", .patch), ("get", .other), ("PROPFIND", .other), ("GETS", .other),
            ("G", .other),
        ] as [(String, RequestMethod)])
    func readsAMethod(_ name: String, _ expected: RequestMethod) throws {
        #expect(try HeadText.request("\(name) / HTTP/1.1", "Host: h").method == expected)
    }

    @Test(
        arguments: [
            ("1.1", "A: b", true), ("1.1", "Connection: close", false), ("1.1", "Connection: foo, CLOSE", false),
            ("1.1", "Connection: closed", true), ("1.1", "Connection: keep-alive", true), ("1.2", "A: b", true),
            ("1.0", "A: b", false), ("1.0", "Connection: Keep-Alive", true),
            ("1.0", "Connection: keep-alive, close", false),
        ] as [(String, String, Bool)])
    func knowsWhetherTheConnectionGoesOn(_ version: String, _ line: String, _ expected: Bool) throws {
        #expect(try HeadText.request("GET / HTTP/\(version)", "Host: h", line).keepsAlive == expected)
    }

    @Test(
        arguments: [
            ("1.1", ["Connection: Upgrade", "Upgrade: websocket"], true),
            ("1.1", ["Connection: keep-alive, upgrade", "Upgrade: WebSocket"], true),
            ("1.1", ["Connection: keep-alive", "Connection: upgrade", "Upgrade: TLS/1.0"], true),
            ("1.1", ["Upgrade: websocket"], false), ("1.1", ["Connection: upgrade"], false),
            ("1.1", ["Connection: upgrade", "Upgrade:"], false),
            ("1.0", ["Connection: upgrade", "Upgrade: websocket"], false),
            ("1.1", ["Connection: upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA"], false),
            ("1.1", ["Connection: upgrade", "Upgrade: websocket, H2C"], false),
        ] as [(String, [String], Bool)])
    func knowsAnUpgrade(_ version: String, _ lines: [String], _ expected: Bool) throws {
        let head = try RequestHead.parse(HeadText.head(["GET / HTTP/\(version)", "Host: h"] + lines))
        #expect(head.isUpgrade == expected)
    }

    @Test(arguments: [("1.1", "100-Continue", true), ("1.0", "100-continue", false), ("1.1", "200-ok", false)])
    func knowsWhetherTheClientWaits(_ version: String, _ value: String, _ expected: Bool) throws {
        #expect(
            try HeadText.request("PUT / HTTP/\(version)", "Host: h", "Expect: \(value)").expectsContinue == expected)
    }

    @Test func leavesOutEmptyLinesBeforeARequest() throws {
        let head = try RequestHead.parse(HeadText.bytes("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(head.methodName.lowerBound == 4)
        #expect(head.method == .get)
    }
}
