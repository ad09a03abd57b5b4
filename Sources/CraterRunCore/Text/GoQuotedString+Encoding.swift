extension GoQuotedString {
    /// `bytes` in double quotes as `strconv.Quote` writes them: on one line and safe to print.
    ///
    /// YAML reads the same escapes between double quotes, so the result is also a YAML scalar.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        "\"\(BackslashEscaping.escape(bytes, quotes: true, unless: isPrintable))\""
    }

    /// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: false
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
