/// The flags that a user passes through to an app, parsed as argparse does: `--name value`, `--name=value`, and any
/// unambiguous abbreviation of a name.
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
        occurrences(of: name, shortest: shortest).map(\.given)
    }

    /// The words without every occurrence of the flag `name` and its value.
    func without(_ name: String, shortest: String) -> [String] {
        let places = occurrences(of: name, shortest: shortest).map(\.place)
        return words.indices.filter { index in !places.contains { $0.contains(index) } }.map { words[$0] }
    }

    private func occurrences(of name: String, shortest: String) -> [(given: Given, place: ClosedRange<Int>)] {
        words.indices.compactMap { index in
            let parts = words[index].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first.map(String.init), first.hasPrefix(shortest), name.hasPrefix(first) else {
                return nil
            }
            if parts.count == 2 { return (Given(flag: first, value: String(parts[1])), index...index) }
            let next = words.dropFirst(index + 1).first.flatMap { $0.hasPrefix("-") ? nil : $0 }
            return (Given(flag: first, value: next), index...(next == nil ? index : index + 1))
        }
    }
}
