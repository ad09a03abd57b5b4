/// Makes text from outside safe to show in a terminal, a log or a response. All code that writes to one of these uses
/// this type, so that no name, path, message or response from outside can move a cursor, set a color, forge a line or
/// hide text.
///
/// Everything invisible is escaped: control characters (C0, DEL, C1), format characters (bidirectional controls,
/// zero-width characters, the tag characters that spell invisible text), line and paragraph separators, and everything
/// else that Unicode calls ignorable. Zero-width joiners are escaped too: a joined emoji in an app's output comes
/// apart, but two names that look alike are shown to differ. Variation selectors 1 to 16 stay: they only say how the
/// character before them is drawn, and "⚠️" is ordinary text.
package enum PrintableText {
    /// `bytes` on one line, with unprintable characters escaped as in Go and C (`\n`, `\x1b`, `\u202e`, and `\xNN` for
    /// each byte that is not UTF-8), cut after `limit` bytes.
    ///
    /// Quotes and backslashes stay as they are: the result is for people, not for a parser. Printable text stays as it
    /// is, so that escaping twice has the same result as escaping once.
    package static func escape(_ bytes: some Collection<UInt8>, limit: Int = .max) -> String {
        guard bytes.count > limit else { return BackslashEscaping.escape(bytes, unless: isPrintable) }
        var shortened = Array(bytes.prefix(limit))
        // Do not cut inside a character: no continuation byte may follow the cut.
        var next = bytes.dropFirst(limit).first
        while let byte = next, UTF8.isContinuation(byte), shortened.count > limit - 3 { next = shortened.popLast() }
        return BackslashEscaping.escape(shortened, unless: isPrintable) + "…"
    }

    /// Whether a character is visible and has no other effect.
    package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint || (0xFE00...0xFE0F).contains(scalar.value)
        }
    }
}

extension StringProtocol {
    /// The text as one line that is safe to show anywhere: see ``PrintableText``.
    package var printable: String {
        utf8.allSatisfy { (0x20...0x7E).contains($0) } ? String(self) : PrintableText.escape(utf8)
    }
}
