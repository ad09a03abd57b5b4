/// Text in an HTML page.
enum HTMLText {
    /// The text as it can stand between tags and in a quoted attribute, on one line and with its unprintable characters
    /// escaped.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text.printable.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
