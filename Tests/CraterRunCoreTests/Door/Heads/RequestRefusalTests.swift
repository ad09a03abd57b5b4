import Testing

@testable import CraterRunCore

/// What no two programs may read differently is refused (RFC 9112, 2.2, 3, 5 and 6).
struct RequestRefusalTests {
    private func status(_ bytes: [UInt8]) -> Int? {
        do {
            _ = try RequestHead.parse(bytes)
            return nil
        } catch {
            #expect(!error.text.isEmpty)
            return error.status
        }
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", nil), ("GET / HTTP/1.0\r\n\r\n", nil),
            // The request line.
            ("GET /\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("GET / a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("GET /  HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400),
            ("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", 400), (" / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET /\u{7F} HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("GET /\u{0} HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("GET http:// HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501),
            ("GET / http/1.1\r\nHost: h\r\n\r\n", 400), ("GET / HTTP/1\r\nHost: h\r\n\r\n", 400),
            ("GET / HTTP/11\r\nHost: h\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
            ("PRI * HTTP/2.0\r\n\r\n", 505), ("GET / HTTP/0.9\r\n\r\n", 505), ("", 400), ("\r\n", 400), ("GET", 400),
            ("GET / HTTP/1.1", 400), ("GET / HTTP/1.1\r", 400), ("GET / HTTP/1.1\r\n", 400),
            // Line ends.
            ("GET / HTTP/1.1\nHost: h\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\n\n", 400), ("GET / HTTP/1.1\r\nHost: h\rA: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\r\n\r", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\n\rA", 400), ("GET / HTTP/1.1\r\nHost: h\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nA: b\u{0}c\r\n\r\n", 400),
            // Names.
            ("GET / HTTP/1.1\r\nHost: h\r\nName : v\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nName\t: v\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\r\n: v\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nA\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\n\u{E4}: c\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nA\"b: c\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nA: \u{E4}\u{FF}\u{1}\r\n\r\n", nil),
            // Host.
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: <h>\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost:\r\n\r\n", nil),
            ("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", nil), ("GET / HTTP/1.1\r\nHost: a_b.c%41\r\n\r\n", nil),
        ] as [(String, Int?)])
    func refuses(_ text: String, _ expected: Int?) { #expect(status(HeadText.bytes(text)) == expected) }

    @Test(
        arguments: [
            ("1.1", [], BodyFraming.none, nil), ("1.1", ["Content-Length: 0"], .length(0), nil),
            ("1.0", ["Content-Length: 005"], .length(5), nil),
            ("1.1", ["Content-Length: 9223372036854775807"], .length(9_223_372_036_854_775_807), nil),
            ("1.1", ["Content-Length: 9223372036854775808"], nil, 400),
            ("1.1", ["Content-Length: 18446744073709551621"], nil, 400),
            ("1.1", ["Content-Length: 99999999999999999999999"], nil, 400),
            ("1.1", ["Content-Length: 5, 5"], nil, 400), ("1.1", ["Content-Length: 5", "Content-Length: 5"], nil, 400),
            ("1.1", ["Content-Length: 5", "Content-Length: 6"], nil, 400), ("1.1", ["Content-Length:"], nil, 400),
            ("1.1", ["Content-Length: +5"], nil, 400), ("1.1", ["Content-Length: -5"], nil, 400),
            ("1.1", ["Content-Length: 0x5"], nil, 400), ("1.1", ["Content-Length: 5 5"], nil, 400),
            ("1.1", ["Content-Length: 5\u{B}"], nil, 400), ("1.1", ["Content-Length: 5.0"], nil, 400),
            ("1.1", ["Transfer-Encoding: chunked"], .chunked, nil),
            ("1.1", ["TRANSFER-encoding: CHUNKED"], .chunked, nil),
            ("1.1", ["Transfer-Encoding: , chunked"], nil, 400), ("1.1", ["Transfer-Encoding: chunked,"], nil, 400),
            ("1.1", ["Transfer-Encoding: chunked", "Content-Length: 5"], nil, 400),
            ("1.1", ["Content-Length: 5", "Transfer-Encoding: identity"], nil, 400),
            ("1.1", ["Transfer-Encoding: chunked, chunked"], nil, 400),
            ("1.1", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], nil, 400),
            ("1.1", ["Transfer-Encoding: chunked, identity"], nil, 400), ("1.1", ["Transfer-Encoding: gzip"], nil, 400),
            ("1.1", ["Transfer-Encoding: gzip, chunked"], nil, 501),
            ("1.1", ["Transfer-Encoding: gzip", "Transfer-Encoding: chunked"], nil, 501),
            ("1.1", ["Transfer-Encoding:"], nil, 400), ("1.1", ["Transfer-Encoding: xchunked"], nil, 400),
            ("1.1", ["Transfer-Encoding: chunked;a=b"], nil, 400),
            ("1.1", ["Transfer-Encoding: \u{B}chunked"], nil, 400),
            ("1.1", ["Transfer-Encoding: \"chunked\""], nil, 400), ("1.0", ["Transfer-Encoding: chunked"], nil, 400),
        ] as [(String, [String], BodyFraming?, Int?)])
    func readsFraming(_ version: String, _ lines: [String], _ framing: BodyFraming?, _ status: Int?) {
        let bytes = HeadText.head(["POST / HTTP/\(version)", "Host: h"] + lines)
        #expect((try? RequestHead.parse(bytes))?.framing == framing)
        #expect(self.status(bytes) == status)
    }

    @Test func limitsLengthAndNumberOfFields() {
        let lines = (2...HeadLimits.fields).map { "A\($0): b" }
        #expect(status(HeadText.head(["GET / HTTP/1.1", "Host: h"] + lines)) == nil)
        #expect(status(HeadText.head(["GET / HTTP/1.1", "Host: h"] + lines + ["B: c"])) == 431)
        let long = String(repeating: "x", count: 40_000)
        #expect(status(HeadText.head(["GET / HTTP/1.1", "Host: h", "A: " + long])) == nil)
        #expect(status(HeadText.head(["GET / HTTP/1.1", "Host: h", "A: " + long, "B: " + long])) == 431)
    }
}
