/// Words as one would type them into a POSIX shell.
package enum ShellQuoting {
    /// The word, in single quotes if a shell would read anything but itself in it.
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
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// The words, quoted and separated by spaces.
    package static func quote(_ words: [String]) -> String {
        words.map(quote).joined(separator: " ")
    }
}
