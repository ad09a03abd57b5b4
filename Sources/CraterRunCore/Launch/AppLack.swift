/// What an app lacks that starts without it, and then shows nothing.
package struct AppLack: Equatable, Sendable {
    package let message: String
    /// How to mend it.
    package let remedy: String

    package init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
