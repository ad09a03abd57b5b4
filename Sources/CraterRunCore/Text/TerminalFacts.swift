/// The facts about an output stream that decide the width and the colors of what is written there.
package struct TerminalFacts: Equatable, Sendable {
    /// Whether the stream is a terminal, not a pipe or a file.
    package var isTerminal: Bool
    /// The window's width in characters, from the kernel; nil if the kernel does not know it.
    package var windowWidth: Int?
    /// The environment variables `COLUMNS`, `TERM` and `NO_COLOR`; nil if unset or empty.
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

    /// The characters that a line has room for: `COLUMNS`, or else the kernel's width (environ(7)); nil for no limit.
    package var width: Int? {
        guard isTerminal else { return nil }
        return [columns.flatMap { Int($0) }, windowWidth].compactMap { $0 }.first { $0 > 0 }
    }

    /// Whether to use colors: only on a terminal whose `TERM` is set and not `dumb`, and never if `NO_COLOR` is set
    /// (<https://no-color.org>).
    package var showsColors: Bool {
        isTerminal && noColor == nil && term != nil && term != "dumb"
    }
}
