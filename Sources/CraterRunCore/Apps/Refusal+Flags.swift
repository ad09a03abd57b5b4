extension Refusal {
    /// The user's `words` contradict the rule.
    init(_ words: [String], _ why: String, _ remedy: String) {
        self.init("\(ShellQuoting.quote(words)) contradicts the rule: \(why); leave it out, or use \(remedy)")
    }
}
