/// The value of `--max-restarts`.
package struct RestartLimit: Equatable, Sendable {
    /// The most restarts in a row; nil (`unlimited`) for no limit.
    package let number: Int?

    package init?(_ text: String) {
        if text == "unlimited" {
            number = nil
        } else if let value = Int(text), value >= 0 {
            number = value
        } else {
            return nil
        }
    }
}
