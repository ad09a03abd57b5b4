extension GoQuotedString {
    /// `bytes` between double quotes, on one line and safe to print: what `strconv.Quote` writes.
    ///
    /// YAML reads the same escapes between double quotes, so this is also a YAML scalar.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        "\"\(escape(bytes, quotes: true))\""
    }

    /// `bytes` with only what cannot be printed escaped, cut after `limit` bytes: how a message shows what it is about.
    ///
    /// Quotes and backslashes stay as they are, so this is for reading, not for reading back.
    package static func escaped(_ bytes: some Collection<UInt8>, limit: Int = .max) -> String {
        guard bytes.count > limit else { return escape(bytes, quotes: false) }
        var shortened = Array(bytes.prefix(limit))
        // Not inside a character: no continuation byte may follow the cut.
        var next = bytes.dropFirst(limit).first
        while let byte = next, UTF8.isContinuation(byte), shortened.count > limit - 3 { next = shortened.popLast() }
        return escape(shortened, quotes: false) + "…"
    }

    private static func escape(_ bytes: some Collection<UInt8>, quotes: Bool) -> String {
        var result = ""
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        // Go writes every byte of what is not UTF-8 by itself; the parser does not give them back, so they are counted.
        var index = bytes.startIndex
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                append(UTF8.decode(encoded), to: &result, quotes: quotes)
                index = bytes.index(index, offsetBy: encoded.count, limitedBy: bytes.endIndex) ?? bytes.endIndex
            case .error(let length):
                let end = bytes.index(index, offsetBy: length, limitedBy: bytes.endIndex) ?? bytes.endIndex
                for byte in bytes[index..<end] { result += "\\x" + Byte.hex(UInt32(byte), width: 2) }
                index = end
            case .emptyInput:
                return result
            }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String, quotes: Bool) {
        switch scalar {
        case "\"" where quotes, "\\" where quotes:
            result.unicodeScalars.append("\\")
            result.unicodeScalars.append(scalar)
        case "\u{07}": result += "\\a"
        case "\u{08}": result += "\\b"
        case "\u{0C}": result += "\\f"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\u{0B}": result += "\\v"
        case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
        case _ where scalar.isASCII: result += "\\x" + Byte.hex(scalar.value, width: 2)
        case _ where scalar.value <= 0xFFFF: result += "\\u" + Byte.hex(scalar.value, width: 4)
        default: result += "\\U" + Byte.hex(scalar.value, width: 8)
        }
    }

    /// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space. What turns text
    /// around or is invisible (bidirectional controls, BOM) is not among them.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: false
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
