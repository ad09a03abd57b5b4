/// What a stream that people may look at is, as the host has it; what can be shown there follows from it.
package struct TerminalFacts: Equatable, Sendable {
    /// Neither a pipe nor a file.
    package var isTerminal: Bool
    /// The window's width in characters, by the kernel; nil where it does not know.
    package var windowWidth: Int?
    /// The environment's `COLUMNS`, `TERM` and `NO_COLOR`; nil where they are not set or empty.
    package var columns: String?
    package var term: String?
    package var noColor: String?

    package init(
        isTerminal: Bool,
        windowWidth: Int? = nil,
        columns: String? = nil,
        term: String? = nil,
        noColor: String? = nil
    ) {
        self.isTerminal = isTerminal
        self.windowWidth = windowWidth
        self.columns = columns
        self.term = term
        self.noColor = noColor
    }

    /// The characters that a line has room for, as `COLUMNS` has it or else the kernel (environ(7)); nil for no limit.
    package var width: Int? {
        guard isTerminal else { return nil }
        return [columns.flatMap { Int($0) }, windowWidth].compactMap { $0 }.first { $0 > 0 }
    }

    /// Whether colours are welcome: on a terminal that has a kind, and not a dumb one, and never against
    /// <https://no-color.org>.
    package var showsColors: Bool {
        isTerminal && noColor == nil && term != nil && term != "dumb"
    }
}
