/// The words that a user gives to a simple app: first the targets (what the app opens, such as files), then the
/// app's own flags. The app gets the words in this order.
package struct PassedWords: Equatable, Sendable {
    package let all: [String]

    package init(_ all: [String]) {
        self.all = all
    }

    /// What the app opens: all words before the first flag.
    package var targets: [String] { Array(all.prefix { !$0.hasPrefix("-") }) }
    /// The first flag, and all words after it.
    package var flags: UserFlags { UserFlags(Array(all.dropFirst(targets.count))) }
}
