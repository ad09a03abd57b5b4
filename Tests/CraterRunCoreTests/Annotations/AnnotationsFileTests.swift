import Testing

@testable import CraterRunCore

struct AnnotationsFileTests {
    private func parse(_ text: String) -> AnnotationsFile { AnnotationsFile(parsing: Array(text.utf8)) }

    private func entries(_ pairs: KeyValuePairs<String, String>) -> [Annotation] {
        pairs.map { Annotation(key: Array($0.key.utf8), value: Array($0.value.utf8)) }
    }

    @Test func readsKeysAndValuesInTheirOrder() {
        let file = parse("b=\"2\"\na=\"1\\n\"")
        #expect(file.entries == entries(["b": "2", "a": "1\n"]))
        #expect(!file.isDamaged)
    }

    @Test(arguments: [
        "a=\"1\"\nb=\"2\"", "a=\"1\"\nb=\"2\"\n", "a=\"1\"\r\nb=\"2\"\r\n", "\n\na=\"1\"\r\n\r\nb=\"2\"\n\n",
    ])
    func takesWhatEditorsDoToLineEnds(_ text: String) {
        let file = parse(text)
        #expect(file.entries == entries(["a": "1", "b": "2"]))
        #expect(!file.isDamaged)
    }

    @Test func keepsACarriageReturnThatBelongsToAValue() {
        #expect(parse("a=\"x\r\"")["a"] == Array("x\r".utf8))
    }

    @Test func splitsAtTheFirstEqualsSign() {
        #expect(parse(#"a="b=c""#).entries == entries(["a": "b=c"]))
    }

    @Test func findsNoRuleInsideAnotherValue() {
        let inner = #"ingress.crater.raids.io/evil="{\"Port\":1}""#
        let file = parse("k=" + GoQuotedString.encode("x\n\(inner)\n".utf8))
        #expect(file.entries.count == 1)
        #expect(file["ingress.crater.raids.io/evil"] == nil)
    }

    @Test(
        arguments: [
            ("no equals", .noEqualsSign), ("=\"x\"", .emptyKey), ("a b=\"x\"", .badKey), ("\"a\"=\"x\"", .badKey),
            ("\u{FEFF}a=\"x\"", .badKey), ("a=x", .badValue(.noOpeningQuote)), ("a=", .badValue(.noOpeningQuote)),
            ("a=\"x", .badValue(.noClosingQuote)), ("a=\"x\" ", .badValue(.textAfterClosingQuote)),
            ("a=\"\\q\"", .badValue(.unknownEscape(0x71))), (" ", .noEqualsSign), ("\r\r", .noEqualsSign),
        ] as [(String, AnnotationsProblem.Reason)])
    func reportsABadLineAndKeepsTheGoodOnes(_ line: String, reason: AnnotationsProblem.Reason) {
        let file = parse("first=\"1\"\n\(line)\nlast=\"2\"")
        #expect(file.entries == entries(["first": "1", "last": "2"]))
        #expect(file.problems.map(\.reason) == [reason])
        #expect(file.problems.map(\.line) == [2])
        #expect(file.isDamaged)
    }

    @Test func saysWhichLineAndShowsItEscapedAndShortened() {
        let problem = parse("a=\"1\"\n\u{1B}[2J" + String(repeating: "x", count: 500)).problems.first
        #expect(
            problem?.message
                == "cannot read line 2 of the annotations file: there is no `=`: \\x1b[2J"
                + String(repeating: "x", count: 76) + "…"
        )
    }

    @Test func knowsATruncatedFile() {
        let whole = "a=\"1\"\nb=\"two\""
        for length in 7..<whole.utf8.count { #expect(parse(String(whole.prefix(length))).isDamaged) }
    }

    @Test(arguments: ["", "\n", "\r\n\r\n"])
    func takesAFileWithoutAnnotationsAsDamaged(_ text: String) {
        let file = parse(text)
        #expect(file.isDamaged)
        #expect(file.entries == [])
        #expect(file.problems == [])
    }

    @Test func givesTheLastOfSeveralValues() {
        #expect(parse("a=\"1\"\na=\"2\"\nb=\"3\"")["a"] == Array("2".utf8))
        #expect(parse("a=\"1\"")["A"] == nil)
    }

    @Test func boundsTheProblemsOfABinaryFile() {
        // A linear congruential generator: the same bytes each time, line breaks among them.
        var state: UInt32 = 1
        let block = (0..<64 << 10).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        let file = AnnotationsFile(parsing: Array(repeatElement(block, count: 80).joined()))
        #expect(file.problems.count == AnnotationsFile.problemLimit)
        #expect(file.problemCount > 10_000)
        #expect(file.problems.allSatisfy { $0.message.utf8.count < 500 })
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["\\", "\"", "=", "\n", "a", "a=\"\"\n", "\\\"", "\u{0}"])
    func isLinearInAFileOfOneThingOverAndOver(_ piece: String) {
        _ = parse("a=\"" + String(repeating: piece, count: 1 << 17))
    }
}
