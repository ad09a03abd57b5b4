import CraterRunCore
import Testing

struct TableTests {
    private static let rules = Table(
        headings: ["NAME", "PORT", "URL"],
        rows: [["tensorboard", "6006", "/ingress/liuxw24-379e0/"], ["lars", "4210", "/x/"]]
    )

    private static func lines(_ table: Table, width: Int? = nil, colors: Bool = false) -> [String] {
        table.render(width: width, colors: colors).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test(arguments: [nil, 1000, 44]) func alignsItsColumnsAndCutsNothingThatHasRoom(width: Int?) {
        let lines = Self.lines(Self.rules, width: width)
        #expect(
            lines == [
                "NAME          PORT   URL",
                "tensorboard   6006   /ingress/liuxw24-379e0/",
                "lars          4210   /x/",
            ])
    }

    @Test(arguments: [
        (43, "tensorboard   6006   /ingress/liuxw24-379e…"),
        (32, "tensorboard   6006   /ingress/l…"),
        // From here on there are two longest columns, of which the last comes first.
        (31, "tensorboard   6006   /ingress/…"),
        (30, "tensorboa…   6006   /ingress/…"),
        (20, "tens…   6006   /ing…"),
    ]) func cutsTheLongestColumns(width: Int, line: String) {
        let lines = Self.lines(Self.rules, width: width)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines[1] == line)
    }

    @Test(arguments: 1...60) func staysAlignedAtAnyWidth(width: Int) {
        let lines = Self.lines(Self.rules, width: width)
        #expect(lines.count == 3)
        // Below 18 there is no room for four characters of each.
        if width >= 18 { #expect(lines.allSatisfy { $0.count <= width }) }
        let starts = lines.map { line in line.firstIndex(of: "P") ?? line.firstIndex { "64".contains($0) } }
        let columns = zip(lines, starts).compactMap { line, start in
            start.map { line.distance(from: line.startIndex, to: $0) }
        }
        #expect(columns.count == 3 && Set(columns).count == 1)
    }

    @Test func survivesAnyWidth() {
        for width in [Int.min, -1, 0, Int.max] { #expect(Self.lines(Self.rules, width: width).count == 3) }
        #expect(Self.lines(Table(headings: [], rows: []), width: Int.max) == [""])
        #expect(Self.lines(Table(headings: ["NAME"], rows: []), width: 1) == ["NAME"])
    }

    @Test func countsCharactersAndNotBytes() {
        let table = Table(headings: ["WHAT", "NEXT"], rows: [["größer…", "x"], ["e\u{301}", "y"]])
        #expect(Self.lines(table) == ["WHAT      NEXT", "größer…   x", "e\u{301}         y"])
    }

    @Test func endsLinesWithoutSpaces() {
        let table = Table(headings: ["A", "B", "C"], rows: [["1", "", ""], ["1"], [], ["", "", "3"]])
        #expect(Self.lines(table) == ["A   B   C", "1", "1", "", "        3"])
    }

    @Test func paintsTextsAndNotTheSpaceBetween() {
        let table = Table(
            headings: ["APP", "STATE"],
            rows: [[Table.Cell("a", .dim), Table.Cell("ready", .green)], ["bb", Table.Cell("", .red)]]
        )
        #expect(
            Self.lines(table, colors: true) == [
                "APP   STATE", "\u{1B}[2ma\u{1B}[0m     \u{1B}[32mready\u{1B}[0m", "bb",
            ])
        #expect(Self.lines(table)[1] == "a     ready")
    }

    @Test func cutsTheTextAndNotItsColour() {
        let table = Table(headings: ["STATE"], rows: [[Table.Cell("backing-off", .yellow)]])
        #expect(Self.lines(table, width: 8, colors: true)[1] == "\u{1B}[33mbacking…\u{1B}[0m")
    }

    @Test func keepsControlCharactersFromTheTerminal() {
        let table = Table(headings: ["REASON"], rows: [["a\r\nb\u{1B}[2J\u{9B}c\td\u{202E}"]])
        #expect(Self.lines(table) == ["REASON", #"a\r\nb\x1b[2J\u009bc\td\u202e"#])
    }
}

struct TerminalFactsTests {
    private let terminal = TerminalFacts(isTerminal: true, windowWidth: 80, term: "xterm")

    @Test func aTerminalHasAWidthAndColours() {
        #expect(terminal.width == 80)
        #expect(terminal.showsColors)
    }

    @Test func nothingIsCutOrColouredElsewhere() {
        var facts = terminal
        facts.isTerminal = false
        facts.columns = "40"
        #expect(facts.width == nil)
        #expect(!facts.showsColors)
    }

    @Test func coloursCanBeRefused() {
        var facts = terminal
        facts.noColor = "0"
        #expect(!facts.showsColors)
        facts = terminal
        facts.term = "dumb"
        #expect(!facts.showsColors)
        facts.term = nil
        #expect(!facts.showsColors)
    }

    @Test(arguments: [
        ("40", 40), ("200", 200), ("0", 80), ("-3", 80), ("wide", 80), ("99999999999999999999", 80), (nil, 80),
    ]) func columnsGoBeforeTheWindow(columns: String?, width: Int) {
        var facts = terminal
        facts.columns = columns
        #expect(facts.width == width)
    }

    @Test func aWidthThatNobodyKnowsIsNoLimit() {
        #expect(TerminalFacts(isTerminal: true, term: "xterm").width == nil)
    }
}
