/// The home directories that a `~` at the beginning of a path stands for.
package struct HomeDirectories: Sendable {
    /// No home is known, so that every path stays as it is.
    package static let unknown = HomeDirectories { _ in nil }

    private let find: @Sendable (_ user: String) -> String?

    /// - Parameter find: the home of the user of this name, or of our own user if the name is empty; nil if it is not
    ///   known.
    package init(_ find: @escaping @Sendable (_ user: String) -> String?) {
        self.find = find
    }

    /// The path as a shell would have it: with a home in place of `~` or `~user`; unchanged if that home is not known.
    package func expand(_ path: String) -> String {
        guard path.utf8.first == UInt8(ascii: "~") else { return path }
        let name = path.dropFirst().prefix { $0 != "/" }
        guard let home = find(String(name)) else { return path }
        let rest = path.dropFirst(name.count + 1)
        // The home may be the root.
        return home.hasSuffix("/") && !rest.isEmpty ? home + rest.dropFirst() : home + rest
    }
}
