/// Writes values as JSON (RFC 8259). Every unprintable character becomes `\uXXXX`, so that no character can control a
/// terminal, and a program still reads back the same text.
package enum JSONText {
    /// The text as a JSON string, with its quotes.
    package static func quote(_ text: some StringProtocol) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where PrintableText.isPrintable(scalar): result.unicodeScalars.append(scalar)
            default: result += escape(scalar)
            }
        }
        return result + "\""
    }

    /// Makes a whole JSON text from an encoder printable. Between strings the text is ASCII, and within strings the
    /// encoder has already escaped the control characters below the space.
    package static func printable(_ json: String) -> String {
        if json.utf8.allSatisfy({ $0 < 0x7F }) { return json }
        var result = ""
        for scalar in json.unicodeScalars {
            if scalar.value < 0x7F || PrintableText.isPrintable(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += escape(scalar)
            }
        }
        return result
    }

    /// The duration in seconds, with three decimal places.
    package static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.clampedNanoseconds) / 1_000_000
        return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        UTF16.encode(scalar)?.map { "\\u" + Byte.hex(UInt32($0), width: 4) }.joined() ?? ""
    }
}
