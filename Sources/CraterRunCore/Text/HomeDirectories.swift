/// Finds the home directory for a `~` or `~user` at the beginning of a path.
package struct HomeDirectories: Sendable {
    /// Knows no home, so it leaves every path unchanged.
    package static let unknown = HomeDirectories { _ in nil }

    private let find: @Sendable (_ user: String) -> String?

    /// - Parameter find: finds the home of the user with this name, or of crater-run's own user if the name is empty.
    ///   The result is nil if the home is not known.
    package init(_ find: @escaping @Sendable (_ user: String) -> String?) {
        self.find = find
    }

    /// The path with the home in place of `~` or `~user`, as in a shell; the unchanged path if that home is not known.
    package func expand(_ path: String) -> String {
        guard path.utf8.first == UInt8(ascii: "~") else { return path }
        let name = path.dropFirst().prefix { $0 != "/" }
        guard let home = find(String(name)) else { return path }
        let rest = path.dropFirst(name.count + 1)
        // No double slash if the home is the root.
        return home.hasSuffix("/") && !rest.isEmpty ? home + rest.dropFirst() : home + rest
    }
}
