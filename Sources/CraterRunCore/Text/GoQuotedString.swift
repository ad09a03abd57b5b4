/// A string in double quotes as Go's `strconv.Quote` writes it. The kubelet writes an annotation's value in this form.
///
/// The form is not JSON (`\a`, `\v`, `\xNN` and `\UNNNNNNNN` occur), and the string need not be UTF-8, so both sides
/// are bytes.
package enum GoQuotedString {
    /// Why a text is not one quoted string.
    package enum DecodingError: Error, Equatable, Sendable {
        case noOpeningQuote
        case noClosingQuote
        case textAfterClosingQuote
        case newline
        /// A backslash before a byte that begins no escape.
        case unknownEscape(UInt8)
        /// An escape with too few digits, or with another character among its digits.
        case badDigits
        /// A surrogate, or a value beyond U+10FFFF.
        case notAScalar(UInt32)
        /// Three octal digits beyond `\377`.
        case octalTooLarge

        /// What is wrong, as the end of a sentence.
        package var reason: String {
            switch self {
            case .noOpeningQuote: "the value does not begin with a double quote"
            case .noClosingQuote: "the value has no closing double quote"
            case .textAfterClosingQuote: "there is text after the closing double quote"
            case .newline: "the value holds a line break"
            case .unknownEscape(let byte): "the value has an unknown escape \\\(PrintableText.escape([byte]))"
            case .badDigits: "the value has an escape with missing or wrong digits"
            case .notAScalar(let value): "the value has an escape of U+\(String(value, radix: 16)), not a character"
            case .octalTooLarge: "the value has an octal escape beyond \\377"
            }
        }
    }

    /// The bytes that `quoted`, with its double quotes, stands for, as Go's `strconv.Unquote` gives them. Unlike Go,
    /// this also accepts `\'`.
    ///
    /// Invalid UTF-8 is copied unchanged.
    package static func decode(_ quoted: ArraySlice<UInt8>) throws(DecodingError) -> [UInt8] {
        guard quoted.first == Byte.doubleQuote else { throw .noOpeningQuote }
        var result: [UInt8] = []
        // The result is never longer than the quoted text, so one allocation is enough.
        result.reserveCapacity(max(0, quoted.count - 2))
        var reader = ByteReader(quoted.dropFirst())
        while let byte = reader.next() {
            switch byte {
            case Byte.doubleQuote:
                guard reader.isAtEnd else { throw .textAfterClosingQuote }
                return result
            case Byte.backslash: try decodeEscape(from: &reader, into: &result)
            case Byte.newline: throw .newline
            default: result.append(byte)
            }
        }
        throw .noClosingQuote
    }

    private static func decodeEscape(
        from reader: inout ByteReader,
        into result: inout [UInt8]
    ) throws(DecodingError) {
        guard let escape = reader.next() else { throw .noClosingQuote }
        switch escape {
        case UInt8(ascii: "a"): result.append(0x07)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "v"): result.append(0x0B)
        case Byte.backslash, Byte.doubleQuote, UInt8(ascii: "'"): result.append(escape)
        case UInt8(ascii: "x"): result.append(UInt8(truncatingIfNeeded: try digits(2, radix: 16, from: &reader)))
        case UInt8(ascii: "u"): try appendScalar(digits(4, radix: 16, from: &reader), to: &result)
        case UInt8(ascii: "U"): try appendScalar(digits(8, radix: 16, from: &reader), to: &result)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            let value = try UInt32(escape & 7) << 6 | digits(2, radix: 8, from: &reader)
            guard let byte = UInt8(exactly: value) else { throw .octalTooLarge }
            result.append(byte)
        default: throw .unknownEscape(escape)
        }
    }

    /// Reads `count` digits, at most 8, so that the value cannot overflow.
    private static func digits(
        _ count: Int,
        radix: UInt32,
        from reader: inout ByteReader
    ) throws(DecodingError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = reader.next().flatMap(Byte.hexValue), digit < radix else { throw .badDigits }
            value = value &* radix | digit
        }
        return value
    }

    private static func appendScalar(_ value: UInt32, to result: inout [UInt8]) throws(DecodingError) {
        guard let scalar = Unicode.Scalar(value) else { throw .notAScalar(value) }
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
