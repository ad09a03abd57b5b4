/// What a text's colour says. A meaning never rests on it alone: colours are off in pipes, logs and with `NO_COLOR`.
package enum Paint: Equatable, Sendable {
    case plain
    /// As it should be.
    case green
    /// On its way there, or worth a look.
    case yellow
    /// Broken.
    case red
    /// Beside the point.
    case dim

    /// The text between the terminal's codes (ECMA-48, SGR); the text itself where it is plain or empty.
    package func apply(to text: String) -> String {
        switch self {
        case .plain: text
        case .green: paint(text, code: 32)
        case .yellow: paint(text, code: 33)
        case .red: paint(text, code: 31)
        case .dim: paint(text, code: 2)
        }
    }

    private func paint(_ text: String, code: Int) -> String {
        text.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
