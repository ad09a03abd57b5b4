import CraterRunCore

/// A message of the argument parser about words that it cannot use. The message repeats such words; control characters
/// in them are escaped.
struct ParserMessage {
    let lines: [String]
    /// The line that says what is wrong.
    var first: String { lines.first { !$0.isEmpty } ?? "" }

    init(_ text: String, words: [String]) {
        var text = Array(text.utf8)
        // The words are escaped before the text is split into lines: a line end in a word must not look like one of the
        // message's own.
        let values = words.compactMap { $0.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) }
        for word in (words + values).sorted(by: { $0.utf8.count > $1.utf8.count }) where word.printable != word {
            text = text.replacing(Array(word.utf8), with: Array(word.printable.utf8))
        }
        lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
