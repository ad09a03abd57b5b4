extension GoQuotedString {
    /// `bytes` between double quotes, on one line and safe to print: what `strconv.Quote` writes.
    ///
    /// YAML reads the same escapes between double quotes, so this is also a YAML scalar.
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
