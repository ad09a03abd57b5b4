/// The flags that a user passes through to an app, parsed as argparse does: `--name value`, `--name=value`, and any
/// unambiguous abbreviation of a name. A flag of one letter may have its value in the same word: `-p5000`.
package struct UserFlags: Equatable, Sendable {
    package let words: [String]

    package init(_ words: [String]) {
        self.words = words
    }

    /// One flag as the user gave it.
    package struct Given: Equatable, Sendable {
        /// The flag as typed, without its value.
        package let flag: String
        /// Nil for a flag without a value.
        package let value: String?

        /// Flag and value, for messages.
        package var words: [String] { [flag] + (value.map { [$0] } ?? []) }
    }

    /// Every occurrence of the flag `name`, also abbreviated, down to `shortest` (argparse's `allow_abbrev`).
    package func given(_ name: String, shortest: String) -> [Given] {
        given([FlagName(name, shortest: shortest)])
    }

    /// Every occurrence of one of these flags, in the order of the words.
    package func given(_ names: [FlagName]) -> [Given] { occurrences(of: names).map(\.given) }

    /// The words without every occurrence of the flag `name` and its value.
    func without(_ name: String, shortest: String) -> [String] {
        without([FlagName(name, shortest: shortest)]).words
    }

    /// The flags without every occurrence of these flags and their values.
    func without(_ names: [FlagName]) -> UserFlags {
        let places = occurrences(of: names).map(\.place)
        return UserFlags(
            zip(words.indices, words).filter { index, _ in !places.contains { $0.contains(index) } }.map(\.1))
    }

    private func occurrences(of names: [FlagName]) -> [(given: Given, place: ClosedRange<Int>)] {
        zip(words.indices, words).compactMap { index, word in
            let next = words.dropFirst(index + 1).first.flatMap { $0.hasPrefix("-") ? nil : $0 }
            for name in names {
                if let joined = UserFlags.joined(word, name.name) { return (joined, index...index) }
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let first = parts.first.map(String.init), first.hasPrefix(name.shortest),
                    name.name.hasPrefix(first)
                else { continue }
                if parts.count == 2 { return (Given(flag: first, value: String(parts[1])), index...index) }
                return (Given(flag: first, value: next), index...(next == nil ? index : index + 1))
            }
            return nil
        }
    }

    /// The flag, if the word is a flag of one letter and its value.
    private static func joined(_ word: String, _ name: String) -> Given? {
        guard name.utf8.count == 2, !name.hasSuffix("-"), word.hasPrefix(name), word.utf8.count > 2,
            !word.hasPrefix("\(name)=")
        else { return nil }
        return Given(flag: name, value: String(word.dropFirst(2)))
    }
}
