/// A line split into words as sh(1) splits it: quotes and backslashes as there, and nothing expanded, so that `$HOME`, `*`,
/// `;` and `|` stand for themselves.
package enum ShellWords {
    /// Why a line is none.
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

    /// The words of the line; none if it is blank.
    package static func split(_ line: String) throws(SplitError) -> [String] {
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
                // A line that goes on in the next one.
                if next != "\n" { word = (word ?? "") + String(next) }
            case " ", "\t", "\n", "\r", "\r\n":
                if let word { words.append(word) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap { $0 }
    }

    /// What is between `$'` and `'` (POSIX.1-2024), as ``ShellQuoting`` writes it: bytes in octal, and the escapes of lines.
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

    /// What is between double quotes: there a backslash quotes `$`, a backquote, `"`, itself and the end of the line alone.
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
