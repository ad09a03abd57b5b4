/// The value of `--wait`: how long an app waits for its rule.
package struct RuleWait: Equatable, Sendable {
    /// Nil: for ever.
    package let limit: Duration?

    package init?(_ text: String) {
        if text == "forever" {
            limit = nil
        } else if let duration = DurationText.parse(text) {
            limit = duration
        } else {
            return nil
        }
    }
}
