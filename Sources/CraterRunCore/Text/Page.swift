/// Lines to be shown to a person: the colours and the ends of lines are ours, and what others chose in between can only be
/// read (``PrintableText``).
package struct Page: Equatable, Sendable {
    /// All of it, each line with its end.
    package private(set) var text = ""

    package init() {}

    package init(_ lines: [String]) {
        for line in lines { add(line) }
    }

    /// Adds a line.
    package mutating func add(_ line: String) { text += line.printable + "\n" }

    /// Adds a line of several texts, each in its colour.
    package mutating func add(_ cells: [Table.Cell], colors: Bool) {
        text += cells.map { colors ? $0.paint.apply(to: $0.text) : $0.text }.joined() + "\n"
    }

    /// Adds a table, cut and coloured as the stream allows.
    package mutating func add(_ table: Table, for facts: TerminalFacts) { text += table.render(for: facts) + "\n" }

    package mutating func add(_ page: Page) { text += page.text }
}
