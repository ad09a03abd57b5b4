/// Words as one would type them into a POSIX shell.
package enum ShellQuoting {
    /// The word, in single quotes if a shell would read anything but itself in it. With characters that cannot be printed it
    /// is a dollar-single-quoted string (POSIX.1-2024): it can be shown anywhere, and a shell still reads the same word.
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

    /// Byte by byte in octal, which has three digits whatever follows.
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
