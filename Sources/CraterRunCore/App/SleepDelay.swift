/// The value of `--sleep-after`.
package struct SleepDelay: Equatable, Sendable {
    /// How long nobody has used an app before it is put to sleep; nil (`off`): an app is never put to sleep.
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
