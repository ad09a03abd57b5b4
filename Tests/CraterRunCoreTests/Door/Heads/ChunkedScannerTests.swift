import Testing

@testable import CraterRunCore

struct ChunkedScannerTests {
    typealias Progress = ChunkedScanner.Progress

    /// How a scanner reads the body at once and byte by byte, which has to be the same.
    private func scan(_ text: String, isLenient: Bool) -> Progress {
        let bytes = HeadText.bytes(text)
        var whole = ChunkedScanner(isLenient: isLenient)
        let expected = whole.scan(bytes)
        for step in [1, 2, 3, 7] {
            var scanner = ChunkedScanner(isLenient: isLenient)
            var result = Progress.more
            var start = 0
            while start < bytes.count, result == .more {
                let end = min(start + step, bytes.count)
                switch scanner.scan(Array(bytes[start..<end])) {
                case .more: break
                case .ended(let offset): result = .ended(at: start + offset)
                case .malformed(let offset): result = .malformed(at: start + offset)
                }
                start = end
            }
            #expect(result == expected, "in pieces of \(step)")
        }
        return expected
    }

    @Test(
        arguments: [
            ("0\r\n\r\n", .ended(at: 5)), ("5\r\nhello\r\n0\r\n\r\n", .ended(at: 15)),
            ("A\r\n0123456789\r\n00\r\n\r\nGET /", .ended(at: 21)),
            ("a\r\n0\r\n\r\n0\r\n\r\n\r\n000\r\n\r\n", .ended(at: 22)),
            ("000000000000000000000005\r\nhello\r\n0\r\n\r\n", .ended(at: 38)),
            // Extensions and trailers.
            ("1;a=b\r\nx\r\n0;c\r\n\r\n", .ended(at: 17)), ("1 ; a=\"b;c\"\r\nx\r\n0\r\n\r\n", .ended(at: 21)),
            ("0\r\nA: b\r\nC: d\r\n\r\nX", .ended(at: 17)),
            // More to come.
            ("", .more), ("5", .more), ("5\r", .more), ("5\r\nhel", .more), ("5\r\nhello", .more),
            ("5\r\nhello\r\n", .more),
            ("0\r\n", .more), ("0\r\n\r", .more), ("0\r\nA: b\r\n", .more), ("ffffffffffffff\r\n", .more),
            // Malformed.
            ("\r\n", .malformed(at: 1)), (";\r\n", .malformed(at: 0)), ("x\r\n", .malformed(at: 0)),
            ("-1\r\n", .malformed(at: 0)),
            ("0x1\r\n", .malformed(at: 1)), ("1_\r\n", .malformed(at: 1)), (" 1\r\n", .malformed(at: 0)),
            ("1\rx", .malformed(at: 2)), ("1\r\nxy", .malformed(at: 4)), ("1\r\nx\rA", .malformed(at: 5)),
            ("1 x\r\n", .malformed(at: 2)), ("1;\u{0}", .malformed(at: 2)), ("0\r\n\rA", .malformed(at: 4)),
            ("0\r\nA: \u{0}", .malformed(at: 6)), ("0\r\nA: b\rc", .malformed(at: 8)),
            ("fffffffffffffffff\r\n", .malformed(at: 15)), ("8000000000000000\r\n", .malformed(at: 15)),
        ] as [(String, Progress)])
    func findsTheEnd(_ text: String, _ expected: Progress) {
        #expect(scan(text, isLenient: false) == expected)
        #expect(scan(text, isLenient: true) == expected)
    }

    /// What browsers read in a response, and what in a request hides another one.
    @Test(
        arguments: [
            ("1\nx\n0\n\n", .ended(at: 7), .malformed(at: 1)),
            ("1  \r\nx\r\n0 \r\n\r\n", .ended(at: 14), .malformed(at: 4)),
            ("1;a\nx\r\n0\r\n\r\n", .ended(at: 12), .malformed(at: 3)),
            ("1\r\nx\n0\r\n\r\n", .ended(at: 10), .malformed(at: 4)),
            ("0\r\nA: b\n\r\n", .ended(at: 10), .malformed(at: 7)), ("0\r\n\n", .ended(at: 4), .malformed(at: 3)),
        ] as [(String, Progress, Progress)])
    func isLenientOnlyWithResponses(_ text: String, _ lenient: Progress, _ strict: Progress) {
        #expect(scan(text, isLenient: true) == lenient)
        #expect(scan(text, isLenient: false) == strict)
    }

    @Test func limitsExtensionsAndTrailers() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 70_000)
        for start in ["1;", "0\r\n"] {
            var scanner = ChunkedScanner(isLenient: true)
            let progress = scanner.scan(HeadText.bytes(start) + long)
            #expect(progress != .more)
            #expect(scanner.scan([UInt8(ascii: "x")]) == .malformed(at: 0))
        }
        var scanner = ChunkedScanner(isLenient: false)
        #expect(scanner.scan(HeadText.bytes("11170\r\n") + long) == .more)
        #expect(scanner.scan(HeadText.bytes("\r\n0\r\n\r\n")) == .ended(at: 7))
        #expect(scanner.scan(HeadText.bytes("0\r\n")) == .ended(at: 0))
    }
}
