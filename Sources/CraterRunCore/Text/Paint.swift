/// The meaning of a text's color. No meaning depends on the color alone: there are none in pipes, in logs and with
/// `NO_COLOR`.
package enum Paint: Equatable, Sendable {
    case plain
    /// All is well.
    case green
    /// In progress, or worth a look.
    case yellow
    /// Broken.
    case red
    /// Less important.
    case dim

    /// The text between the terminal's color codes (ECMA-48, SGR); unchanged if the text is empty or the paint is
    /// plain.
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
