/// An error that is one sentence for a person: why something is not done. Callers that have to tell errors apart throw other types.
package struct Refusal: Error, Equatable, Sendable {
    /// The sentence, or the end of one: what a message says after "cannot X: ".
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}
