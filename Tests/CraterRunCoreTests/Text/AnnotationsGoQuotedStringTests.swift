import Testing

@testable import CraterRunCore

struct AnnotationsGoQuotedStringTests {
    struct Good: Sendable {
        let quoted: String
        let bytes: [UInt8]

        init(_ quoted: String, _ text: String) { (self.quoted, bytes) = (quoted, Array(text.utf8)) }
        init(_ quoted: String, bytes: [UInt8]) { (self.quoted, self.bytes) = (quoted, bytes) }
    }

    @Test(arguments: [
        Good(#""""#, ""),
        Good(#""plain""#, "plain"),
        Good(#""\a\b\f\n\r\t\v\\\"\'""#, bytes: [7, 8, 12, 10, 13, 9, 11, 0x5C, 0x22, 0x27]),
        // Bytes, not characters.
        Good(#""\x00\xff\xFe""#, bytes: [0, 0xFF, 0xFE]),
        Good(#""\000\101\377""#, bytes: [0, 0x41, 0xFF]),
        // Characters.
        Good(#""\u00e9\u8BAD\U0001F600""#, "é训😀"),
        Good(#""\ud7ff\ue000\U0010ffff""#, "\u{D7FF}\u{E000}\u{10FFFF}"),
        Good(#""训练 😀 ' ` < > &""#, "训练 😀 ' ` < > &"),
        Good("\"\t\r\"", "\t\r"),
    ])
    func decodes(_ good: Good) throws {
        #expect(try GoQuotedString.decode(Array(good.quoted.utf8)[...]) == good.bytes)
    }

    @Test(
        arguments: [
            ("", .noOpeningQuote), ("x\"", .noOpeningQuote), ("`x`", .noOpeningQuote),
            (#"""#, .noClosingQuote), (#""x"#, .noClosingQuote), (#""x\"#, .noClosingQuote),
            (#""x\""#, .noClosingQuote),
            (#""x" "#, .textAfterClosingQuote), (#""x"y""#, .textAfterClosingQuote),
            ("\"a\nb\"", .newline),
            (#""\q""#, .unknownEscape(0x71)), (#""\8""#, .unknownEscape(0x38)), (#""\/""#, .unknownEscape(0x2F)),
            (#""\x""#, .badDigits), (#""\xg0""#, .badDigits), (#""\x1""#, .badDigits), (#""\u12""#, .badDigits),
            (#""\U0001F60""#, .badDigits), (#""\18""#, .badDigits), (#""\x-1""#, .badDigits),
            (#""\400""#, .octalTooLarge),
            (#""\ud800""#, .notAScalar(0xD800)), (#""\udfff""#, .notAScalar(0xDFFF)),
            (#""\U00110000""#, .notAScalar(0x110000)), (#""\UFFFFFFFF""#, .notAScalar(0xFFFF_FFFF)),
        ] as [(String, GoQuotedString.DecodingError)])
    func rejects(_ quoted: String, error: GoQuotedString.DecodingError) {
        #expect(throws: error) { try GoQuotedString.decode(Array(quoted.utf8)[...]) }
        #expect(!error.reason.isEmpty)
    }

    @Test func takesBytesThatAreNotUTF8AsTheyAre() throws {
        #expect(try GoQuotedString.decode([0x22, 0xFF, 0xC3, 0x80, 0x22]) == [0xFF, 0xC3, 0x80])
    }

    @Test func encodesEveryByteAndManyPairsSoThatTheyReadBack() throws {
        for first in UInt8.min...UInt8.max {
            for second: UInt8 in [0, 0x22, 0x41, 0x5C, 0x80, 0xBF, 0xC2, 0xE8, 0xF0, 0xFF] {
                let bytes = [first, second, 0x78]
                #expect(try GoQuotedString.decode(Array(GoQuotedString.encode(bytes).utf8)[...]) == bytes)
            }
        }
    }

    @Test(arguments: [
        ("a\"b\\c", #""a\"b\\c""#),
        ("\u{0}\u{1B}\u{7F}", #""\x00\x1b\x7f""#),
        ("\u{A0}\u{200B}\u{FEFF}\u{202E}", #""\u00a0\u200b\ufeff\u202e""#),
        ("\u{E0001}", #""\U000e0001""#),
        ("训é😀", "\"训é😀\""),
    ])
    func encodes(_ text: String, quoted: String) {
        #expect(GoQuotedString.encode(text.utf8) == quoted)
    }
}
