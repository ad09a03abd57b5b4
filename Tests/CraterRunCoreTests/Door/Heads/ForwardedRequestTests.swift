import Testing

@testable import CraterRunCore

struct ForwardedRequestTests {
    private func forward(_ head: RequestHead, _ edits: RequestEdits = RequestEdits(peer: "10.0.0.7")) -> [String] {
        var output: [UInt8] = []
        ForwardedHead.write(head, edits: edits, to: &output)
        return HeadText.lines(output)
    }

    private let forwarded = ["X-Forwarded-For: 10.0.0.7", "X-Forwarded-Proto: http", "X-Forwarded-Host: h.example"]

    @Test func keepsBytesOrderCaseAndDuplicates() throws {
        let lines = [
            "x-B:  two  ", "Cookie: a=1;b=\"2; 3\"", "X-a:1", "cookie: c=3", "X-B: \u{E4}\u{FF}",
            "Origin: https://h.example",
            "Accept-Encoding: gzip", "Authorization: Basic dTpw", "Connection: keep-alive", "Empty:", "Trailer: T",
            "Transfer-Encoding: chunked", "Expect: 100-continue",
        ]
        let head = try HeadText.get("/a%2Fb//%40+;x?a=%2F+b&d", lines)
        #expect(forward(head) == ["GET /a%2Fb//%40+;x?a=%2F+b&d HTTP/1.1", "Host: h.example"] + lines + forwarded)
    }

    @Test func keepsTheVersion() throws {
        #expect(
            forward(try HeadText.request("GET / HTTP/1.0", "Connection: keep-alive")) == [
                "GET / HTTP/1.0", "Connection: keep-alive", "X-Forwarded-For: 10.0.0.7", "X-Forwarded-Proto: http",
            ])
        #expect(forward(try HeadText.request("GET / HTTP/1.0", "Connection: close")).first == "GET / HTTP/1.0")
    }

    @Test func leavesOutEmptyLinesBeforeARequest() throws {
        let head = try RequestHead.parse(HeadText.bytes("\r\n\r\nGET / HTTP/1.1\r\nHost: h.example\r\n\r\n"))
        #expect(forward(head) == ["GET / HTTP/1.1", "Host: h.example"] + forwarded)
    }

    @Test func appendsToWhatIsThere() throws {
        let head = try HeadText.get("/")
        var output = HeadText.bytes("before")
        ForwardedHead.write(head, edits: RequestEdits(peer: "p"), to: &output)
        #expect(HeadText.text(output).hasPrefix("beforeGET / HTTP/1.1\r\n"))
    }

    /// Lines of the request, and those that remain.
    @Test(
        arguments: [
            // Headers of the connection.
            (["Connection: close", "A: b"], ["A: b"]), (["Keep-Alive: timeout=5", "A: b"], ["A: b"]),
            (["Proxy-Connection: keep-alive", "TE: trailers", "A: b", "Proxy-Authorization: x"], ["A: b"]),
            (["Connection: x-hop, X-Other", "X-Hop: 1", "A: b", "x-other: 2", "X-Hop-2: 3"], ["A: b", "X-Hop-2: 3"]),
            (["X-Hop: 1", "Connection: keep-alive", "Connection: x-hop"], []),
            (["X-Hop: 1", "Connection: close,,x-hop ,"], []),
            // Headers without which the message would be another one go on even if they are named.
            (
                ["Connection: host, content-length, expect", "Content-Length: 5", "Expect: 100-continue"],
                ["Content-Length: 5", "Expect: 100-continue"]
            ),
            (["Connection: transfer-encoding", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked"]),
            (["Connection: connection, cookie", "Cookie: a=1"], []),
            // Upgrades.
            (
                ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: k"],
                ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: k"]
            ),
            (
                ["Connection: keep-alive, Upgrade", "Upgrade: websocket"],
                ["Connection: keep-alive, Upgrade", "Upgrade: websocket"]
            ),
            (
                ["Connection: x-hop, Upgrade", "X-Hop: 1", "Upgrade: websocket"],
                ["Upgrade: websocket", "Connection: upgrade"]
            ),
            (["Connection: close, Upgrade", "Upgrade: websocket"], ["Upgrade: websocket", "Connection: upgrade"]),
            (["Upgrade: websocket"], []), (["Connection: upgrade"], []),
            (["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMA"], []),
            // Nobody outside says what the prefix is.
            (
                ["X-Forwarded-Prefix: /evil", "x-forwarded-prefix: /evil", "X_Forwarded_Prefix: /evil", "A: b"],
                ["A: b"]
            ),
            (["X_Forwarded_For: 1.1.1.1", "X-Forwarded_Host: evil", "X_FORWARDED_PROTO: https"], []),
        ] as [([String], [String])])
    func dropsWhatBelongsToTheConnection(_ lines: [String], _ expected: [String]) throws {
        let head = try HeadText.get("/", lines)
        #expect(forward(head) == ["GET / HTTP/1.1", "Host: h.example"] + expected + forwarded)
    }

    @Test(
        arguments: [
            (["X-Forwarded-For: 1.1.1.1", "A: b"], ["X-Forwarded-For: 1.1.1.1, 10.0.0.7", "A: b"]),
            (
                ["x-forwarded-for: 1.1.1.1 , 2.2.2.2  ", "A: b"],
                ["x-forwarded-for: 1.1.1.1 , 2.2.2.2, 10.0.0.7  ", "A: b"]
            ),
            (
                ["X-Forwarded-For: 1.1.1.1", "A: b", "X-Forwarded-For: 2.2.2.2"],
                ["X-Forwarded-For: 1.1.1.1", "A: b", "X-Forwarded-For: 2.2.2.2, 10.0.0.7"]
            ),
            (["X-Forwarded-For:", "A: b"], ["X-Forwarded-For:10.0.0.7", "A: b"]),
            (["Connection: x-forwarded-for", "X-Forwarded-For: 1.1.1.1"], ["X-Forwarded-For: 1.1.1.1, 10.0.0.7"]),
        ])
    func extendsForwardedFor(_ lines: [String], _ expected: [String]) throws {
        let head = try HeadText.get("/", lines)
        #expect(forward(head) == ["GET / HTTP/1.1", "Host: h.example"] + expected + forwarded.dropFirst())
    }

    @Test func keepsWhatTheIngressSaysOfTheClient() throws {
        let lines = ["X-Forwarded-Proto: https", "X-Forwarded-Host: crater.example", "X-Forwarded-For: ::1"]
        let head = try HeadText.get("/", lines)
        #expect(
            forward(head, RequestEdits(peer: "2001:db8::1")) == [
                "GET / HTTP/1.1", "Host: h.example", lines[0], lines[1], "X-Forwarded-For: ::1, 2001:db8::1",
            ])
    }

    @Test(
        arguments: [
            ("Cookie: own=1", nil), ("Cookie: own=1; a=2", "Cookie: a=2"), ("Cookie: a=2; own=1", "Cookie: a=2"),
            ("Cookie: a=2; own=1; b=3", "Cookie: a=2; b=3"), ("Cookie: own=1;own=2; old=x;a=2;own", "Cookie: a=2;own"),
            ("Cookie:  own = 1 ;  a=\"2; 3\"; b", "Cookie:  a=\"2; 3\"; b"), ("Cookie: own=1; ", nil),
            ("Cookie: own=a=b; c", "Cookie: c"), ("cookie:own=1;a=\u{FF}", "cookie:a=\u{FF}"),
            ("Cookie: Own=1; xown=2; ownx=3; a=own=1", "Cookie: Own=1; xown=2; ownx=3; a=own=1"),
            ("Cookie: a=1;;b=2 ", "Cookie: a=1;;b=2 "), ("Cookie:", "Cookie:"),
            ("Cookie: a; own=1; ;b", "Cookie: a; ;b"),
        ])
    func cutsOurCookies(_ line: String, _ expected: String?) throws {
        let edits = RequestEdits(peer: "10.0.0.7", withheldCookies: ["own", "old"].map { Array($0.utf8) })
        let head = try HeadText.get("/", ["A: b", line, "C: d"])
        let lines = ["A: b"] + (expected.map { [$0] } ?? []) + ["C: d"]
        #expect(forward(head, edits) == ["GET / HTTP/1.1", "Host: h.example"] + lines + forwarded)
        #expect(forward(head) == ["GET / HTTP/1.1", "Host: h.example", "A: b", line, "C: d"] + forwarded)
    }

    @Test(
        arguments: [
            ("Authorization: Bearer k", true), ("authorization: bearer\tk", true), ("Authorization: BEARER", true),
            ("Authorization: Basic Bearer", false), ("Authorization: Bearers k", false), ("Authorization:", false),
        ])
    func withholdsOurKey(_ line: String, _ isWithheld: Bool) throws {
        let head = try HeadText.get("/", [line, "Authorization: token k"])
        let rest = ["Authorization: token k"] + forwarded
        #expect(forward(head) == ["GET / HTTP/1.1", "Host: h.example", line] + rest)
        let edits = RequestEdits(peer: "10.0.0.7", withholdsBearer: true)
        #expect(
            forward(head, edits) == ["GET / HTTP/1.1", "Host: h.example"] + (isWithheld ? [] : [line]) + rest)
    }

    @Test(
        arguments: [
            ("/in/x/", "/"), ("/in/x", "/"), ("/in/x?q=/in/x/", "/?q=/in/x/"),
            ("/in/x/a%2Fb;c?d=%2F+e&f", "/a%2Fb;c?d=%2F+e&f"),
            ("/in/x//a/../b", "//a/../b"), ("/in/x/in/x/", "/in/x/"), ("http://h.example/in/x/a?b", "/a?b"),
            ("/%69n/x/%61", "/%61"), ("/in/x/?", "/?"),
            // Not at the prefix.
            ("/in/xy", "/in/xy"), ("/", "/"), ("/in%2Fx/", "/in%2Fx/"),
        ])
    func stripsThePrefix(_ target: String, _ expected: String) throws {
        let edits = RequestEdits(peer: "10.0.0.7", stripping: PrefixBytes(try PathPrefix("/in/x/")))
        let head = try HeadText.get(target, ["X-Forwarded-Prefix: /evil"])
        #expect(
            forward(head, edits)
                == ["GET \(expected) HTTP/1.1", "Host: h.example"] + forwarded + ["X-Forwarded-Prefix: /in/x"])
    }

    @Test func stripsNothingAtTheRoot() throws {
        let edits = RequestEdits(peer: "10.0.0.7", stripping: PrefixBytes(.root))
        #expect(forward(try HeadText.get("/a?b"), edits) == ["GET /a?b HTTP/1.1", "Host: h.example"] + forwarded)
    }

    @Test func saysNoEmptyHost() throws {
        #expect(
            forward(try HeadText.request("GET / HTTP/1.1", "Host:")) == [
                "GET / HTTP/1.1", "Host:", "X-Forwarded-For: 10.0.0.7", "X-Forwarded-Proto: http",
            ])
    }

    /// An app's limit on headers is not lowered by more than 1 KB.
    @Test func growsByLessThanAKilobyte() throws {
        let prefix = PrefixBytes(try PathPrefix("/ingress/" + String(repeating: "u", count: 200)))
        let head = try HeadText.get("/", ["Cookie: " + String(repeating: "x", count: 60_000)])
        var output: [UInt8] = []
        ForwardedHead.write(head, edits: RequestEdits(peer: "2001:db8::1", stripping: prefix), to: &output)
        #expect(output.count - head.bytes.count < 1024)
    }
}
