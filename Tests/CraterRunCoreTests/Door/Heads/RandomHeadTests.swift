import Testing

@testable import CraterRunCore

/// Heads with random mistakes: none of them traps, and whoever reads a head that went on finds the same message in it.
struct RandomHeadTests {
    private static let lines = [
        "Host: h.example", "Content-Length: 5", "Content-Length: 5, 5", "Transfer-Encoding: chunked",
        "Connection: close, X-Hop", "Connection: upgrade", "Upgrade: websocket", "X-Hop: 1", "Cookie: a=1; own=2; b=3",
        "Authorization: Bearer k", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-Prefix: /a", "Expect: 100-continue",
        "Location: /a", "Location: //other/", "Location: http://h.example/a", "Set-Cookie: a=1; Path=/; Path=/b",
        "Service-Worker-Allowed: /", "A:", "TE: trailers",
    ]
    private static let pieces = [
        " ", "\t", "\r", "\n", "\r\n", "\0", ":", ";", ",", "=", "/", "%2f", "chunked", "\u{FF}", "5", "own=1",
    ]

    private func head(_ first: String, _ numbers: inout SplitMix) -> [UInt8] {
        var text = HeadText.head(
            [first]
                + (0..<Int.random(in: 0..<8, using: &numbers)).map { _ in
                    Self.lines.randomElement(using: &numbers) ?? ""
                })
        for _ in 0..<Int.random(in: 0..<3, using: &numbers) {
            let index = Int.random(in: 0..<text.count, using: &numbers)
            let length = min(Int.random(in: 0..<3, using: &numbers), text.count - index)
            text.replaceSubrange(
                index..<index + length, with: HeadText.bytes(Self.pieces.randomElement(using: &numbers) ?? ""))
        }
        return text
    }

    @Test func requestsKeepTheirMeaning() throws {
        var numbers = SplitMix(seed: 1)
        var accepted = 0
        let prefix = PrefixBytes(try PathPrefix("/in/x"))
        let edits = RequestEdits(
            peer: "10.0.0.7", stripping: prefix, withheldCookies: [HeadText.bytes("own")], withholdsBearer: true)
        let first = [
            "GET /in/x/a?b HTTP/1.1", "POST http://h/in/x HTTP/1.1", "PUT /in/x//b HTTP/1.0", "OPTIONS * HTTP/1.1",
        ]
        for _ in 0..<4_000 {
            let bytes = head(first.randomElement(using: &numbers) ?? "", &numbers)
            guard let request = try? RequestHead.parse(bytes) else { continue }
            accepted += 1
            var output: [UInt8] = []
            ForwardedHead.write(request, edits: edits, to: &output)
            let again = try RequestHead.parse(output)
            #expect(again.method == request.method)
            #expect(again.version == request.version)
            #expect(again.framing == request.framing)
            #expect(again.isUpgrade == request.isUpgrade)
            #expect(again.expectsContinue == request.expectsContinue)
            #expect(again[.host].map(again.text) == request[.host].map(request.text))
            #expect(!again.headers.contains(.te))
            #expect(!again.headers.values(of: .authorization).contains { again.text($0) == "Bearer k" })
            #expect(again.headers.values(of: .xForwardedPrefix).map(again.text) == ["/in/x"])
            #expect(again.headers.values(of: .xForwardedFor).last.map(again.text)?.hasSuffix("10.0.0.7") == true)
            for cookies in again.headers.values(of: .cookie) {
                #expect(!again.text(cookies).split(separator: ";").contains { $0.drop { $0 == " " }.hasPrefix("own=") })
            }
        }
        // Enough of them are in order, and enough are not.
        #expect((500..<3_500).contains(accepted))
    }

    @Test func responsesKeepTheirMeaning() throws {
        var numbers = SplitMix(seed: 2)
        var accepted = 0
        let edits = ResponseEdits(
            prefix: PrefixBytes(try PathPrefix("/in/x")), stripping: AppAddresses(backendPort: 1, publicHost: nil))
        let request = try HeadText.get("/in/x/a")
        let first = [
            "HTTP/1.1 200 OK", "HTTP/1.0 302", "HTTP/1.1 101 Switching", "HTTP/1.1 204 No", "HTTP/1.1 304 Not",
        ]
        for _ in 0..<4_000 {
            let bytes = head(first.randomElement(using: &numbers) ?? "", &numbers)
            guard let response = try? ResponseHead.parse(bytes) else { continue }
            accepted += 1
            var output: [UInt8] = []
            ForwardedHead.write(response, to: request, keepsAlive: true, edits: edits, to: &output)
            // A head that goes on needs no repair: a request's parser takes its lines.
            let fields = try HeaderFieldParser(output.span, from: StatusLine(output.span).end)
            #expect(fields.end == output.count - 2)
            let again = try ResponseHead.parse(output)
            #expect(again.status == response.status)
            #expect(again.framing(to: .get) == response.framing(to: .get))
            #expect(again.headers.values(of: .contentLength).count <= 1)
            for scope in again.headers.values(of: .serviceWorkerAllowed) {
                #expect(again.text(scope).hasPrefix("/in/x/"))
            }
        }
        #expect((500..<4_000).contains(accepted))
    }

    @Test func chunksAreTheSameInAnyPieces() {
        var numbers = SplitMix(seed: 3)
        let parts = [
            "1", "a", "0", ";x", "\r\n", "\n", "\r", " ", "A: b", "0123456789", "\r\n0\r\n", "1\r\nx\r\n", "0\r\n\r\n",
        ]
        for _ in 0..<2_000 {
            let bytes = HeadText.bytes(
                (0..<Int.random(in: 1..<8, using: &numbers)).map { _ in parts.randomElement(using: &numbers) ?? "" }
                    .joined())
            let isLenient = Bool.random(using: &numbers)
            var whole = ChunkedScanner(isLenient: isLenient)
            let expected = whole.scan(bytes)
            let cut = Int.random(in: 0...bytes.count, using: &numbers)
            var halves = ChunkedScanner(isLenient: isLenient)
            switch halves.scan(Array(bytes[..<cut])) {
            case .more:
                switch halves.scan(Array(bytes[cut...])) {
                case .more: #expect(expected == .more)
                case .ended(let offset): #expect(expected == .ended(at: cut + offset))
                case .malformed(let offset): #expect(expected == .malformed(at: cut + offset))
                }
            case let other: #expect(other == expected)
            }
        }
    }
}
