/// Quotes words for a POSIX shell.
package enum ShellQuoting {
    /// The word as it is typed into a shell: in single quotes if any of its characters has a meaning to the shell; as a
    /// dollar-single-quoted string (POSIX.1-2024) if it has unprintable characters, so that it can be shown anywhere.
    package static func quote(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "@%_-+=:,./".utf8.contains(byte)
            }
        }
        if isPlain, !word.isEmpty { return word }
        guard word.unicodeScalars.allSatisfy(PrintableText.isPrintable) else { return dollarQuote(word) }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// Writes unprintable characters byte by byte in octal: three digits are read alike whatever character follows.
    private static func dollarQuote(_ word: String) -> String {
        let characters = word.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "'", "\\": "\\\(scalar)"
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case _ where PrintableText.isPrintable(scalar): String(scalar)
            default: String(scalar).utf8.map { "\\" + String(String(Int($0) + 0o1000, radix: 8).dropFirst()) }.joined()
            }
        }
        return "$'\(characters.joined())'"
    }

    /// The words, quoted and separated by spaces.
    package static func quote(_ words: [String]) -> String {
        words.map(quote).joined(separator: " ")
    }
}
