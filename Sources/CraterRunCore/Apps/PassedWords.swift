/// The words that a user gives to a simple app: first what to open, then the app's own flags. Both are passed on in this order.
package struct PassedWords: Equatable, Sendable {
    package let all: [String]

    package init(_ all: [String]) {
        self.all = all
    }

    /// What to open: the words before the first flag.
    package var targets: [String] { Array(all.prefix { !$0.hasPrefix("-") }) }
    /// The words from the first flag on.
    package var flags: UserFlags { UserFlags(Array(all.dropFirst(targets.count))) }
}
