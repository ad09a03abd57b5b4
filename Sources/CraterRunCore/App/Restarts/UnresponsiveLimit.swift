/// The value of `--restart-unresponsive`.
package struct UnresponsiveLimit: Equatable, Sendable {
    /// How long an app may be unready before it is restarted; nil (`off`): an unready app is never restarted.
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
