import Testing

@testable import CraterRunCore

struct ResponseHeadTests {
    @Test(
        arguments: [
            ("HTTP/1.1 200 OK", 200, "200 OK"), ("HTTP/1.1 200 ", 200, "200 "), ("HTTP/1.1 200", 200, "200"),
            ("HTTP/1.0 404 Not Found", 404, "404 Not Found"), ("HTTP/1.1 999 \u{E4}\u{FF}", 999, "999 \u{E4}\u{FF}"),
            ("HTTP/1.1  200 OK", 200, "200 OK"), ("HTTP/1.1 100 Continue", 100, "100 Continue"),
        ])
    func readsAStatusLine(_ line: String, _ status: Int, _ rest: String) throws {
        let head = try ResponseHead.parse(HeadText.head([line, "A: b"]))
        #expect(head.status == status)
        #expect(HeadText.text(head.headers.slice(head.statusAndReason)) == rest)
    }

    @Test(arguments: [
        "", "HTTP/1.1\r\n\r\n", "HTTP/1.1 \r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 A\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "hello\r\n\r\n",
        "HTTP/1.1 200 a\u{0}b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u{0}\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
    ])
    func refuses(_ text: String) {
        #expect(throws: HeadRefusal.self) { try ResponseHead.parse(HeadText.bytes(text)) }
    }

    @Test(
        arguments: [
            // Bare newlines, and a carriage return within a line.
            ("HTTP/1.1 200 OK\nA: b\nC: d\n\n", ["A: b", "C: d"]), ("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", ["A: b c"]),
            ("HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", ["A: b"]),
            // Folded lines become one.
            ("HTTP/1.1 200 OK\r\nA: b\r\n  c\r\n\td\r\nE: f\r\n\r\n", ["A: b c d", "E: f"]),
            ("HTTP/1.1 200 OK\r\nA: b\r\n \r\nE: f\r\n\r\n", ["A: b", "E: f"]),
            ("HTTP/1.1 200 OK\r\n a\r\nE: f\r\n\r\n", ["E: f"]),
            // A space before the colon goes, and so does a line that is no header, with what continues it.
            ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", ["A: b"]), ("HTTP/1.1 200 OK\r\nA\t: b\r\n\r\n", ["A: b"]),
            ("HTTP/1.1 200 OK\r\nHello\r\n world\r\nA: b\r\n\r\n", ["A: b"]),
            ("HTTP/1.1 200 OK\r\n: x\r\nA: b\r\n\r\n", ["A: b"]),
            ("HTTP/1.1 200 OK\r\nA b: c\r\nD:\r\n\r\n", ["D: "]), ("\r\nHTTP/1.1 200 OK\nA: b\n\n", ["A: b"]),
        ])
    func putsLinesRight(_ text: String, _ expected: [String]) throws {
        let head = try ResponseHead.parse(HeadText.bytes(text))
        #expect(head.status == 200)
        #expect(head.headers.fields.map { head.text($0.name) + ": " + head.text($0.value) } == expected)
        for field in head.headers.fields {
            #expect(head.text(field.line).hasSuffix("\r\n"))
            #expect(!head.headers.slice(field.line).dropLast(2).contains { $0 == 10 || $0 == 13 })
        }
    }

    @Test(
        arguments: [
            (200, [], .untilClose), (200, ["Content-Length: 5"], .length(5)),
            (200, ["Content-Length: 5, 5"], .length(5)),
            (200, ["Content-Length: 5", "Content-Length: 5"], .length(5)),
            (200, ["Transfer-Encoding: chunked"], .chunked), (200, ["Transfer-Encoding: gzip, Chunked"], .chunked),
            (200, ["Transfer-Encoding: gzip"], .untilClose),
            (200, ["Transfer-Encoding: gzip", "Content-Length: 5"], .untilClose),
            (200, ["Transfer-Encoding: identity", "Content-Length: 5"], .length(5)),
            (200, ["Transfer-Encoding: chunked", "Content-Length: 5"], .chunked),
            (204, ["Content-Length: 5"], .none), (304, ["Content-Length: 5"], .none), (304, [], .none),
            (103, [], .none),
            (101, [], .none), (204, ["Transfer-Encoding: chunked"], .none),
        ] as [(Int, [String], BodyFraming)])
    func readsFraming(_ status: Int, _ lines: [String], _ expected: BodyFraming) throws {
        let head = try ResponseHead.parse(HeadText.head(["HTTP/1.1 \(status) X"] + lines))
        #expect(head.framing(to: .get) == expected)
        #expect(head.framing(to: .head) == .none)
        #expect(head.isInterim == (status == 103))
    }

    @Test(
        arguments: [
            ("1.1", "A: b", true), ("1.1", "Connection: close", false), ("1.0", "A: b", false),
            ("1.0", "Connection: keep-alive", true),
        ])
    func knowsWhetherTheConnectionGoesOn(_ version: String, _ line: String, _ expected: Bool) throws {
        #expect(try HeadText.response("HTTP/\(version) 200 OK", line).keepsAlive == expected)
    }

    @Test func takesLargeHeads() throws {
        let long = String(repeating: "x", count: 100_000)
        #expect(try HeadText.response("HTTP/1.1 200 OK", "A: " + long).headers.fields.count == 1)
        #expect(throws: HeadRefusal.tooLong) {
            try HeadText.response("HTTP/1.1 200 OK", "A: " + long, "B: " + long, "C: " + long)
        }
    }
}
