/// Lines to show to a person. Only this type adds colors and line ends; control characters in the texts between them
/// are escaped (``PrintableText``).
package struct Page: Equatable, Sendable {
    /// All lines, each with its newline.
    package private(set) var text = ""

    package init() {}

    package init(_ lines: [String]) {
        for line in lines { add(line) }
    }

    package mutating func add(_ line: String) { text += line.printable + "\n" }

    /// Adds a line that consists of several texts, each in its own color.
    package mutating func add(_ cells: [Table.Cell], colors: Bool) {
        text += cells.map { colors ? $0.paint.apply(to: $0.text) : $0.text }.joined() + "\n"
    }

    /// Adds a table with the width and the colors that the stream allows.
    package mutating func add(_ table: Table, for facts: TerminalFacts) { text += table.render(for: facts) + "\n" }

    package mutating func add(_ page: Page) { text += page.text }
}
