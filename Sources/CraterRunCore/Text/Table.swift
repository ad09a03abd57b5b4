/// A table with aligned columns under a line of headings, for people; programs ask for JSON instead.
///
///     Table(
///         headings: ["NAME", "STATE"],
///         rows: [["tensorboard", Table.Cell("ready", .green)]]
///     ).render(for: facts)
///
/// Widths count characters, not bytes; each character is taken to be one column wide.
package struct Table: Equatable, Sendable {
    /// A text in a table, with its color.
    package struct Cell: Equatable, Sendable, ExpressibleByStringLiteral {
        package let text: String
        package let paint: Paint

        /// Escapes the text, so that a text from outside can neither break the table nor control the terminal: see
        /// ``PrintableText``.
        package init(_ text: String, _ paint: Paint = .plain) {
            self.text = text.printable
            self.paint = paint
        }

        package init(stringLiteral text: String) { self.init(text) }
    }

    package let headings: [String]
    /// Each row's cells in the order of the headings; a row may have fewer cells.
    package let rows: [[Cell]]

    /// The spaces between two columns.
    private static let gap = 3
    /// The least width of a column, however narrow the terminal is.
    private static let leastWidth = 4

    package init(headings: [String], rows: [[Cell]]) {
        self.headings = headings
        self.rows = rows
    }

    /// The table for a stream, with the width and the colors that the stream allows.
    package func render(for facts: TerminalFacts) -> String {
        render(width: facts.width, colors: facts.showsColors)
    }

    /// The table's lines, without a newline at the end of the table and without spaces at the ends of the lines.
    ///
    /// - Parameter width: the characters that a line has room for; nil for no limit. If the table is wider, the widest
    ///   columns are cut; of equally wide columns, the last.
    package func render(width: Int?, colors: Bool) -> String {
        let lines = [headings.map { Cell($0) }] + rows
        let widths = fitted(natural(lines), to: width)
        return lines.map { line(of: $0, widths: widths, colors: colors) }.joined(separator: "\n")
    }

    private func natural(_ lines: [[Cell]]) -> [Int] {
        lines.reduce(into: []) { widths, cells in
            for (column, cell) in cells.enumerated() {
                let count = cell.text.count
                if column < widths.count { widths[column] = max(widths[column], count) } else { widths.append(count) }
            }
        }
    }

    private func fitted(_ natural: [Int], to width: Int?) -> [Int] {
        guard let width = width.map({ max(0, $0) }) else { return natural }
        let room = width - Self.gap * max(0, natural.count - 1)
        var widths = natural.map { min($0, max(width, Self.leastWidth)) }
        var excess = widths.reduce(0, +) - room
        while excess > 0, let longest = widths.max(), longest > Self.leastWidth,
            let column = widths.lastIndex(of: longest)
        {
            widths[column] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(of cells: [Cell], widths: [Int], colors: Bool) -> String {
        let last = cells.lastIndex { !$0.text.isEmpty } ?? -1
        return zip(cells, widths).enumerated().prefix(last + 1).map { column, pair in
            let (cell, width) = pair
            let count = cell.text.count
            let text = count > width ? cell.text.prefix(width - 1) + "…" : cell.text
            let shown = colors ? cell.paint.apply(to: text) : text
            let padding = column < last ? max(0, width - count) + Self.gap : 0
            return shown + String(repeating: " ", count: padding)
        }.joined()
    }
}
