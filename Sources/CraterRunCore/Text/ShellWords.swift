/// Splits a line into words as sh(1) does. Quotes and backslashes work as in sh, and so does a `~` at the beginning of
/// a word. Nothing else is expanded: `$HOME`, `*`, `;` and `|` stand for themselves.
package enum ShellWords {
    /// Why a line cannot be split.
    package enum SplitError: Error, Equatable, Sendable {
        case unterminated(quote: Character)
        case trailingBackslash

        package var reason: String {
            switch self {
            case .unterminated(let quote): "the quote \(quote) has no end"
            case .trailingBackslash: "it ends with a backslash"
            }
        }
    }

    /// The words of the line; an empty list if the line is blank.
    ///
    /// - Parameter homes: replaces a `~` by a home directory.
    package static func split(_ line: String, homes: HomeDirectories = .unknown) throws(SplitError) -> [String] {
        var words: [String] = []
        var word: String?
        var rest = Substring(line)
        while let character = rest.popFirst() {
            switch character {
            case "'":
                guard let end = rest.firstIndex(of: "'") else { throw .unterminated(quote: "'") }
                word = (word ?? "") + rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\"":
                word = (word ?? "") + (try doubleQuoted(&rest))
            case "$" where rest.first == "'":
                rest.removeFirst()
                word = (word ?? "") + (try dollarQuoted(&rest))
            case "\\":
                guard let next = rest.popFirst() else { throw .trailingBackslash }
                // A backslash at the end of a line continues the line.
                if next != "\n" { word = (word ?? "") + String(next) }
            case "~" where word == nil:
                // As in sh, the `~` stands for itself if any part of the user's name is quoted.
                let name = rest.prefix { $0 != "/" && !$0.isWhitespace }
                guard name.allSatisfy({ !"'\"\\$".contains($0) }) else {
                    word = "~"
                    continue
                }
                word = homes.expand("~\(name)")
                rest = rest.dropFirst(name.count)
                // No double slash if the home is the root.
                if word == "/", rest.first == "/" { word = "" }
            case " ", "\t", "\n", "\r", "\r\n":
                if let word { words.append(word) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap { $0 }
    }

    /// Reads the text between `$'` and `'` (POSIX.1-2024) as ``ShellQuoting`` writes it: bytes in octal, and escapes
    /// for line ends and tabs.
    private static func dollarQuoted(_ rest: inout Substring) throws(SplitError) -> String {
        var bytes: [UInt8] = []
        while let character = rest.popFirst() {
            if character == "'" { return String(decoding: bytes, as: UTF8.self) }
            guard character == "\\" else {
                bytes += character.utf8
                continue
            }
            let digits = rest.prefix(3).prefix { ("0"..."7").contains($0) }
            if !digits.isEmpty {
                bytes.append(UInt8(truncatingIfNeeded: Int(digits, radix: 8) ?? 0))
                rest = rest.dropFirst(digits.count)
                continue
            }
            guard let next = rest.popFirst() else { break }
            switch next {
            case "n": bytes.append(UInt8(ascii: "\n"))
            case "r": bytes.append(UInt8(ascii: "\r"))
            case "t": bytes.append(UInt8(ascii: "\t"))
            case "\\", "'", "\"": bytes += next.utf8
            default: bytes += "\\\(next)".utf8
            }
        }
        throw .unterminated(quote: "'")
    }

    /// Reads the text between double quotes, where a backslash quotes only `$`, a backquote, `"`, itself and a newline.
    private static func doubleQuoted(_ rest: inout Substring) throws(SplitError) -> String {
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "\\":
                guard let next = rest.popFirst() else { throw .unterminated(quote: "\"") }
                if next == "\n" { continue }
                text += "$`\"\\".contains(next) ? String(next) : "\\\(next)"
            default: text.append(character)
            }
        }
        throw .unterminated(quote: "\"")
    }
}
