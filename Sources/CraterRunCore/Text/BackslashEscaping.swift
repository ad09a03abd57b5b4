/// Escapes characters by their numbers, as Go's `strconv.Quote` does.
enum BackslashEscaping {
    /// Escapes all of `bytes` except the characters that `mayStay` allows; if `quotes`, quotes and backslashes are
    /// escaped too.
    static func escape(
        _ bytes: some Collection<UInt8>, quotes: Bool = false, unless mayStay: (Unicode.Scalar) -> Bool
    ) -> String {
        var result = ""
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        // Go writes each byte of invalid UTF-8 on its own. The parser does not return these bytes, so they are found by
        // index.
        var index = bytes.startIndex
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = UTF8.decode(encoded)
                if quotes, scalar == "\"" || scalar == "\\" {
                    result.unicodeScalars.append("\\")
                    result.unicodeScalars.append(scalar)
                } else if mayStay(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += escape(scalar)
                }
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

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\u{07}": "\\a"
        case "\u{08}": "\\b"
        case "\u{0C}": "\\f"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{0B}": "\\v"
        case _ where scalar.isASCII: "\\x" + Byte.hex(scalar.value, width: 2)
        case _ where scalar.value <= 0xFFFF: "\\u" + Byte.hex(scalar.value, width: 4)
        default: "\\U" + Byte.hex(scalar.value, width: 8)
        }
    }
}
