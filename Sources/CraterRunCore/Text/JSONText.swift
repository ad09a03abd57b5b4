/// Values as JSON (RFC 8259), with everything in them that is not printable as `\uXXXX`: a terminal gets no character that
/// does more than be seen, and a program gets back exactly what was there.
package enum JSONText {
    /// A string.
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

    /// A whole text as an encoder left it, made printable: what is between its strings is ASCII, and in its strings the
    /// encoder has escaped the control characters below the space.
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

    /// A duration in seconds, to the millisecond.
    package static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.clampedNanoseconds) / 1_000_000
        return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        UTF16.encode(scalar)?.map { "\\u" + Byte.hex(UInt32($0), width: 4) }.joined() ?? ""
    }
}
