/// Text that somebody else may have chosen, as a terminal, a log or an answer shows it. Whatever writes to one of these
/// writes through here, so that nobody's name, path, message or answer can move a cursor, colour a line, forge the next
/// one or hide what it says.
///
/// Everything invisible is shown by its number: control characters (C0, DEL, C1), format characters (the bidirectional
/// controls, the zero-width ones, the tag characters that spell out a text nobody sees), the separators of lines and
/// paragraphs, and all else that Unicode calls ignorable. Zero-width joiners are among them: the price is that a joined
/// emoji in an app's last words comes apart; the gain is that two names that look alike are shown to differ. Variation
/// selectors 1 to 16 stay: all they say is how the character before them is drawn, and "⚠️" is ordinary.
package enum PrintableText {
    /// `bytes` on one line with only what cannot be printed escaped, as Go and C have it (`\n`, `\x1b`, `\u202e`, and
    /// `\xNN` for each byte that is no UTF-8), cut after `limit` bytes.
    ///
    /// Quotes and backslashes stay as they are: this is for reading, not for reading back. What is printable already
    /// comes out as it is, so escaping twice is escaping once.
    package static func escape(_ bytes: some Collection<UInt8>, limit: Int = .max) -> String {
        guard bytes.count > limit else { return BackslashEscaping.escape(bytes, unless: isPrintable) }
        var shortened = Array(bytes.prefix(limit))
        // Not inside a character: no continuation byte may follow the cut.
        var next = bytes.dropFirst(limit).first
        while let byte = next, UTF8.isContinuation(byte), shortened.count > limit - 3 { next = shortened.popLast() }
        return BackslashEscaping.escape(shortened, unless: isPrintable) + "…"
    }

    /// Whether a character can be seen, and does nothing but be seen.
    package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint || (0xFE00...0xFE0F).contains(scalar.value)
        }
    }
}

extension StringProtocol {
    /// The text as one line that can be shown anywhere: see ``PrintableText``.
    package var printable: String {
        utf8.allSatisfy { (0x20...0x7E).contains($0) } ? String(self) : PrintableText.escape(utf8)
    }
}
