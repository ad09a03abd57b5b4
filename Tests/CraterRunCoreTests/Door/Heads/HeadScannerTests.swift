import Testing

@testable import CraterRunCore

struct HeadScannerTests {
    typealias Progress = HeadScanner.Progress

    @Test(
        arguments: [
            ("", .more), ("GET / HTTP/1.1\r\nA: b\r\n", .more), ("GET / HTTP/1.1\r\n\r", .more),
            ("GET / HTTP/1.1\r\n\r\n", .end(18)), ("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", .end(18)),
            // The parser refuses bare newlines of a request, and so has to see them.
            ("GET / HTTP/1.1\n\n", .end(16)), ("GET / HTTP/1.1\r\n\n", .end(17)), ("GET / HTTP/1.1\n\r\n", .end(17)),
            ("GET / HTTP/1.1\r\n\r\r\n", .more), ("GET / HTTP/1.1\r\n \r\n", .more), ("a\r\rb", .more),
            ("GET / HTTP/1.1\r\n\r\r\n\r\n", .end(21)),
            // Empty lines before a request (RFC 9112, 2.2).
            ("\r\n\r\n\n", .more), ("\r\n\r\nGET / HTTP/1.1\r\n\r\n", .end(22)),
            // TLS, and HTTP/1's of no kind.
            ("\u{16}\u{3}\u{1}", .notHTTP), ("\r\n GET /", .notHTTP), ("\u{0}", .notHTTP), ("\u{FF}", .notHTTP),
        ] as [(String, Progress)])
    func findsTheEmptyLine(_ text: String, _ expected: Progress) {
        let bytes = HeadText.bytes(text)
        var scanner = HeadScanner(limit: 100)
        #expect(scanner.scan(bytes) == expected)

        // The same when the bytes arrive one after another.
        var slow = HeadScanner(limit: 100)
        var last = Progress.more
        for count in bytes.indices where last == .more { last = slow.scan(Array(bytes[...count])) }
        #expect(last == expected)
    }

    @Test func countsTheEmptyLineTowardsTheLimit() {
        let head = HeadText.head(["GET / HTTP/1.1"])
        var exact = HeadScanner(limit: head.count)
        #expect(exact.scan(head) == .end(head.count))
        var short = HeadScanner(limit: head.count - 1)
        #expect(short.scan(head) == .tooLong)
        var endless = HeadScanner(limit: 10)
        #expect(endless.scan(HeadText.bytes("GET / HTT")) == .more)
        #expect(endless.scan(HeadText.bytes("GET / HTTP")) == .tooLong)
        var empty = HeadScanner(limit: 4)
        #expect(empty.scan(HeadText.bytes("\r\n\r\n")) == .tooLong)
    }

    @Test func beginsAgainAfterAHead() {
        var scanner = HeadScanner(limit: 100)
        #expect(scanner.scan(HeadText.bytes("GET /a HTTP/1.1\r\n\r\n")) == .end(19))
        #expect(scanner.scan(HeadText.bytes("GET /")) == .more)
        #expect(scanner.scan(HeadText.bytes("GET /bc HTTP/1.1\r\n\r\n")) == .end(20))
    }
}
