/// A user's flag that contradicts what crater-run sets.
package struct FlagConflict: Error, Equatable, Sendable {
    /// The reason, for a person.
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    /// The user's `words` contradict the rule.
    package init(_ words: [String], _ why: String, _ remedy: String) {
        reason = "\(ShellQuoting.quote(words)) contradicts the rule: \(why); leave it out, or use \(remedy)"
    }

    /// - Parameter secret: what everybody could read, without its value.
    package init(secret: String, _ remedy: String) {
        reason = "\(secret) can be read by everybody in the container: leave it out, or use \(remedy)"
    }
}
