import Testing

@testable import CraterRunCore

struct ForwardedResponseTests {
    private func forward(
        _ head: [String], to request: RequestHead? = nil, keepsAlive: Bool = true, edits: ResponseEdits? = nil
    ) throws -> [String] {
        var output: [UInt8] = []
        ForwardedHead.write(
            try ResponseHead.parse(HeadText.head(head)), to: try request ?? HeadText.get("/in/x/"),
            keepsAlive: keepsAlive,
            edits: try edits ?? ResponseEdits(prefix: PrefixBytes(PathPrefix("/in/x"))), to: &output)
        return HeadText.lines(output)
    }

    @Test func keepsBytesOrderCaseAndDuplicates() throws {
        let lines = [
            "HTTP/1.1 206 Partial \u{E4}", "server:x", "Set-Cookie: a=1; Path=/", "ETag:  \"a\"  ",
            "set-cookie: b=2; path=/",
            "Location: /a", "Content-Range: bytes 0-1/2", "Content-Length: 2", "X: \u{FF}", "Trailer: T",
        ]
        #expect(try forward(lines) == lines)
    }

    @Test(
        arguments: [
            ("HTTP/1.0 200 OK", "HTTP/1.1 200 OK"), ("HTTP/1.1 200", "HTTP/1.1 200 "),
            ("HTTP/1.1 200 ", "HTTP/1.1 200 "),
            ("HTTP/1.1 404 Nicht da", "HTTP/1.1 404 Nicht da"),
        ])
    func writesTheStatusLine(_ line: String, _ expected: String) throws {
        #expect(try forward([line, "A: b"]) == [expected, "A: b"])
    }

    @Test(
        arguments: [
            (200, ["Connection: keep-alive", "Keep-Alive: timeout=5", "A: b", "Proxy-Authenticate: x"], ["A: b"]),
            (200, ["Connection: close, X-Hop", "X-Hop: 1", "A: b"], ["A: b"]),
            (200, ["Upgrade: h2c", "Connection: upgrade"], []),
            (
                101, ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: k"],
                ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: k"]
            ),
            (426, ["Upgrade: websocket", "Connection: close"], ["Upgrade: websocket", "Connection: upgrade"]),
            // Framing.
            (200, ["Content-Length: 5, 5", "A: b"], ["Content-Length: 5", "A: b"]),
            (200, ["Content-Length: 5", "A: b", "Content-Length: 5"], ["Content-Length: 5", "A: b"]),
            (200, ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked"]),
            (200, ["Content-Length: 5", "Transfer-Encoding: identity"], ["Content-Length: 5"]),
            (200, ["Connection: content-length", "Content-Length: 5"], ["Content-Length: 5"]),
            (204, ["Transfer-Encoding: chunked", "A: b"], ["A: b"]),
            (304, ["Transfer-Encoding: chunked", "ETag: a"], ["Transfer-Encoding: chunked", "ETag: a"]),
            (200, ["Content-Length: 12345"], ["Content-Length: 12345"]),
        ] as [(Int, [String], [String])])
    func dropsWhatBelongsToTheConnection(_ status: Int, _ lines: [String], _ expected: [String]) throws {
        #expect(try forward(["HTTP/1.1 \(status) X"] + lines) == ["HTTP/1.1 \(status) X"] + expected)
    }

    @Test(
        arguments: [
            ("1.1", 200, true, nil), ("1.1", 200, false, "Connection: close"),
            ("1.0", 200, true, "Connection: keep-alive"),
            ("1.0", 200, false, "Connection: close"), ("1.1", 103, false, nil), ("1.1", 101, false, nil),
        ])
    func saysWhetherTheConnectionGoesOn(_ version: String, _ status: Int, _ keepsAlive: Bool, _ line: String?) throws {
        let request = try HeadText.request("GET / HTTP/\(version)", "Host: h")
        #expect(
            try forward(["HTTP/1.1 \(status) X", "A: b"], to: request, keepsAlive: keepsAlive)
                == ["HTTP/1.1 \(status) X", "A: b"] + (line.map { [$0] } ?? []))
    }

    @Test func writesRepairedLines() throws {
        var output: [UInt8] = []
        ForwardedHead.write(
            try ResponseHead.parse(HeadText.bytes("HTTP/1.0 200\nA : b\n c\nHello\nX: d\n\n")),
            to: try HeadText.get("/"),
            keepsAlive: true, edits: ResponseEdits(prefix: PrefixBytes(.root)), to: &output)
        #expect(HeadText.lines(output) == ["HTTP/1.1 200 ", "A: b c", "X: d"])
    }

    @Test func putsTheAppsAddressesBelowThePrefix() throws {
        let edits = ResponseEdits(
            prefix: PrefixBytes(try PathPrefix("/in/x")), stripping: AppAddresses(backendPort: 41217, publicHost: nil))
        let lines = try forward(
            [
                "HTTP/1.1 302 Found", "location: \t/login?next=/ ", "Set-Cookie: a=1; Path=/; Secure", "A: /",
                "set-cookie: b=2;path=/b", "Service-Worker-Allowed: /",
            ], edits: edits)
        #expect(
            lines == [
                "HTTP/1.1 302 Found", "location: \t/in/x/login?next=/ ", "Set-Cookie: a=1; Path=/in/x/; Secure", "A: /",
                "set-cookie: b=2;path=/in/x/b", "Service-Worker-Allowed: /in/x/",
            ])
    }

    @Test func clampsTheScopeOfServiceWorkersInAnyCase() throws {
        #expect(
            try forward(["HTTP/1.1 200 OK", "Service-Worker-Allowed: /", "service-worker-allowed: /in/x/a/"])
                == ["HTTP/1.1 200 OK", "Service-Worker-Allowed: /in/x/", "service-worker-allowed: /in/x/a/"])
    }
}
