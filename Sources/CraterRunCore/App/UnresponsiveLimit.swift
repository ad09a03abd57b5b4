/// The value of `--restart-unresponsive`.
package struct UnresponsiveLimit: Equatable, Sendable {
    /// Nil: an app that answers no more is left to recover.
    package let time: Duration?

    package init?(_ text: String) {
        if text == "off" {
            time = nil
        } else if let duration = DurationText.parse(text), duration > .zero {
            time = duration
        } else {
            return nil
        }
    }
}
