/// How it is found out whether an app is at work although nobody uses it.
package struct ActivityQuestion: Equatable, Sendable {
    /// The path below the prefix that tells, with the app's own secret; nil for an app that cannot be asked.
    package var path: String?
    /// Whether the app opens terminals for its users.
    package var hasTerminals: Bool

    package init(path: String? = nil, hasTerminals: Bool) {
        self.path = path
        self.hasTerminals = hasTerminals
    }
}
