/// The words that a user gives to a simple app: first the targets (what the app opens, such as files), then the
/// app's own flags, then the words of a script or notebook. The app gets the words in this order.
package struct PassedWords: Equatable, Sendable {
    package let all: [String]
    /// The word that ends the app's flags: the words after it belong to the script or notebook that the app opens.
    private let end: String

    /// - Parameter subcommands: words that are left out if they come first: the app's subcommands, which people copy
    ///   from the app's own command line. crater-run gives the subcommand itself.
    package init(_ words: [String], without subcommands: Set<String> = [], endOfFlags end: String = "--") {
        all = words.first.map(subcommands.contains) ?? false ? Array(words.dropFirst()) : words
        self.end = end
    }

    /// What the app opens: all words before the first flag.
    package var targets: [String] { Array(all.prefix { !$0.hasPrefix("-") }) }
    /// The first flag, and all words after it that are the app's.
    package var flags: UserFlags { UserFlags(Array(all.dropFirst(targets.count).prefix { $0 != end })) }
    /// The word that ends the flags, and all words after it.
    package var others: [String] { Array(all.dropFirst(targets.count + flags.words.count)) }
}
