/// Something that an app lacks: the app starts without it, and then shows nothing.
package struct AppLack: Equatable, Sendable {
    package let message: String
    /// What the user can do about it.
    package let remedy: String

    package init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
