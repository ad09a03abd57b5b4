/// The value of an option that takes a time above zero, or `off`.
package struct DurationOrOff: Equatable, Sendable {
    /// Nil for `off`.
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
