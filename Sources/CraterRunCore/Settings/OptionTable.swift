/// The options of a command, and which other words it takes: enough to read a plain command line. A job and a probe wait for that, and
/// the library that knows all of the command line takes fifty times as long.
///
/// Whatever is not plain is left to the library, which has the same result for plain words: the table never says what is wrong.
package struct OptionTable: Sendable {
    /// Words that belong to no option.
    package enum Operands: Sendable {
        case none
        case atMost(Int)
        /// Any number of words. A `--` ends the options, and the words after it are operands too.
        case all
    }

    package let options: [SettingDeclaration]
    private let operands: Operands
    private let takesPassedOn: Bool

    /// - Parameter takesPassedOn: whether the command takes words after `--`.
    package init(_ options: [SettingDeclaration], operands: Operands = .none, takesPassedOn: Bool = false) {
        self.options = options
        self.operands = operands
        self.takesPassedOn = takesPassedOn
    }

    /// What plain words give; nil where the library has to look: an option that is unknown or given twice, a value that is empty or
    /// begins with a dash, a word too many.
    package func read(_ words: some Collection<String>) -> GivenWords? {
        var given = GivenWords()
        guard !words.isEmpty else { return given }
        var texts: [[String]] = Array(repeating: [], count: options.count)
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.utf8.first == UInt8(ascii: "-") else {
                guard takes(given.operands.count), !word.isEmpty else { return nil }
                given.operands.append(word)
                continue
            }
            if word == "--", case .all = operands {
                given.operands += rest
                break
            }
            if word == "--" {
                guard takesPassedOn else { return nil }
                given.passedOn = Array(rest)
                break
            }
            guard let (index, text) = option(word, &rest) else { return nil }
            guard texts[index].isEmpty || options[index].form == .values else { return nil }
            texts[index].append(text)
        }
        for (option, texts) in zip(options, texts) {
            guard let name = option.option else { continue }
            for text in texts { given.add(name, text) }
        }
        return given
    }

    /// Whether the command takes another operand after `count` operands.
    private func takes(_ count: Int) -> Bool {
        switch operands {
        case .none: false
        case .atMost(let most): count < most
        case .all: true
        }
    }

    /// The number of the option that a word is, and its text.
    private func option<Rest: Collection<String>>(
        _ word: String, _ rest: inout Rest
    ) -> (index: Int, text: String)? where Rest.SubSequence == Rest {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let index = options.firstIndex(where: { $0.option.map { $0 == name } ?? false })
        else { return nil }
        if options[index].form == .flag { return parts.count == 1 ? (index, "true") : nil }
        let text = parts.count == 2 ? String(parts[1]) : rest.popFirst()
        guard let text, !text.isEmpty, text.utf8.first != UInt8(ascii: "-") else { return nil }
        return (index, text)
    }
}
