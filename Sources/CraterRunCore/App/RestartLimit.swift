/// The value of `--max-restarts`.
package struct RestartLimit: Equatable, Sendable {
    /// Nil: none.
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
