import CraterRunCore
import Foundation
import Testing

struct PrintableTextTests {
    /// Each kind of character that does more than be seen, or is not seen at all.
    @Test(arguments: [
        ("\u{1B}[31mred", "\\x1b[31mred"),
        ("a\nb\rc\td\u{07}\u{08}\u{0B}\u{0C}", "a\\nb\\rc\\td\\a\\b\\v\\f"),
        ("\r\n", "\\r\\n"),
        ("\u{7F}\u{80}\u{85}\u{9B}2J\u{9D}\u{9F}", "\\x7f\\u0080\\u0085\\u009b2J\\u009d\\u009f"),
        (
            "\u{202A}\u{202E}\u{2066}\u{2069}\u{200E}\u{200F}\u{61C}",
            "\\u202a\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c"
        ),
        ("\u{2028}\u{2029}", "\\u2028\\u2029"),
        ("a\u{200B}b\u{200C}c\u{200D}d\u{2060}e\u{FEFF}f\u{AD}", "a\\u200bb\\u200cc\\u200dd\\u2060e\\ufefff\\u00ad"),
        ("x\u{E0041}\u{E007F}\u{E0100}", "x\\U000e0041\\U000e007f\\U000e0100"),
        ("\u{3164}\u{34F}", "\\u3164\\u034f"),
    ])
    func showsByNumberWhatCannotBeSeen(text: String, shown: String) {
        #expect(text.printable == shown)
        #expect(PrintableText.escape(text.utf8) == shown)
    }

    @Test(arguments: [
        "", "plain", #"quotes " and ' and \ stay"#, "größer, 日本語　全角, Ελληνικά, עברית", "⚠\u{FE0F} 😀 ✓ …", "e\u{301}",
        "a\u{A0}b\u{3000}c", "\u{E0B0}",
    ])
    func leavesWhatCanBeReadAsItIs(text: String) {
        #expect(text.printable.utf8.elementsEqual(text.utf8))
    }

    @Test func showsEachByteThatIsNoText() {
        #expect(PrintableText.escape([0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80]) == "a\\xff\\xc3(\\xed\\xa0\\x80")
    }

    /// Independent of what Swift calls them.
    private static func isDangerous(_ number: UInt32) -> Bool {
        switch number {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// Of every character: what is dangerous goes, and what comes out stays as it is.
    @Test func holdsForEveryCharacter() {
        for start in stride(from: UInt32(0), through: 0x10FF00, by: 0x100) {
            // The planes that nobody has put anything into look alike.
            if (0x40000..<0xE0000).contains(start), start & 0xFFFF != 0 { continue }
            var text = "<"
            text.unicodeScalars.append(contentsOf: (start..<start + 0x100).compactMap(Unicode.Scalar.init))
            let shown = text.printable
            let left = shown.unicodeScalars.filter { PrintableTextTests.isDangerous($0.value) }
            #expect(left.isEmpty, "\(String(start, radix: 16))")
            #expect(shown.printable.utf8.elementsEqual(shown.utf8))
        }
    }

    @Test func showsTextAsItIsButForWhatCannotBePrinted() {
        #expect(PrintableText.escape("{\"a\":\"\\\"}\n\u{1B}[31m".utf8) == "{\"a\":\"\\\"}\\n\\x1b[31m")
        #expect(PrintableText.escape([0x61, 0xFF]) == "a\\xff")
    }

    @Test(arguments: [
        (6, "abcdé"), (5, "abcd…"), (4, "abcd…"), (3, "abc…"), (0, "…"),
    ])
    func shortensBetweenCharacters(limit: Int, shown: String) {
        #expect(PrintableText.escape("abcdé".utf8, limit: limit) == shown)
    }

    @Test func shortensWhatIsNotUTF8() {
        #expect(PrintableText.escape([UInt8](repeating: 0x80, count: 9), limit: 2).hasSuffix("…"))
        #expect(PrintableText.escape([UInt8](repeating: 0xF0, count: 1_000_000), limit: 80).utf8.count < 400)
    }

    @Test func isCutBetweenCharacters() {
        #expect(PrintableText.escape("日本".utf8, limit: 4) == "日…")
        #expect(PrintableText.escape("\n\n\n".utf8, limit: 2) == "\\n\\n…")
    }
}

struct JSONTextTests {
    private static let everything = String(
        String.UnicodeScalarView(
            ((0..<0x3000).map { UInt32($0) } + [0xFEFF, 0xFFFD, 0x1F600, 0xE0041, 0x10FFFF]).compactMap(
                Unicode.Scalar.init)))

    private func isPlain(_ json: String) -> Bool {
        json.unicodeScalars.allSatisfy(PrintableText.isPrintable)
    }

    @Test func aStringComesBackExactly() throws {
        let quoted = JSONText.quote(Self.everything)
        #expect(isPlain(quoted))
        let back = try JSONDecoder().decode(String.self, from: Data(quoted.utf8))
        #expect(back.utf8.elementsEqual(Self.everything.utf8))
    }

    @Test func aWholeTextComesBackExactly() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let value = [Self.everything: [Self.everything, "a\u{9B}b\u{202E}"]]
        let json = JSONText.printable(String(decoding: try encoder.encode(value), as: UTF8.self))
        #expect(isPlain(json.replacingOccurrences(of: "\n", with: "")))
        #expect(json.contains(#"a\u009bb\u202e"#) && json.contains(#"\udb40\udc41"#))
        #expect(try JSONDecoder().decode([String: [String]].self, from: Data(json.utf8)) == value)
    }
}

struct PageTests {
    @Test func endsItsLinesItselfAndNobodyElseDoes() {
        var page = Page(["a\nb"])
        page.add("")
        page.add([Table.Cell("✗", .red), Table.Cell(" x\u{1B}[0m\ny", .plain)], colors: true)
        page.add(Table(headings: ["NAME"], rows: [["a\nb"]]), for: TerminalFacts(isTerminal: false))
        page.add(Page(["end"]))
        #expect(page.text == "a\\nb\n\n\u{1B}[31m✗\u{1B}[0m x\\x1b[0m\\ny\nNAME\na\\nb\nend\n")
    }
}
