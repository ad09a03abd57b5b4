extension Refusal {
    /// The user's `words` contradict the rule.
    init(_ words: [String], _ why: String, _ remedy: String) {
        self.init("\(ShellQuoting.quote(words)) contradicts the rule: \(why); leave it out, or use \(remedy)")
    }

    /// The user gives a secret as a flag.
    ///
    /// - Parameter secret: the flag, without its value.
    init(secret: String, _ remedy: String) {
        self.init("\(secret) can be read by everybody in the container: leave it out, or use \(remedy)")
    }

    /// Refuses a prefix that has any of `characters` unescaped.
    ///
    /// - Parameter why: what the app makes of them, after "jupyter ".
    static func refuse(
        _ characters: String, in backend: Backend, of app: AppIdentity, because why: String
    ) throws(Refusal) {
        try refuse(backend.prefix.characters(among: characters), in: backend, of: app, because: why)
    }

    /// Refuses a prefix because of these of its characters, if there are any.
    static func refuse(
        _ characters: [String], in backend: Backend, of app: AppIdentity, because why: String
    ) throws(Refusal) {
        guard !characters.isEmpty else { return }
        let list = characters.map { $0 == " " ? "a space" : PrintableText.escape($0.utf8) }.joined(separator: " ")
        throw Refusal(
            "\(app.name) cannot be served below \(backend.prefix.withTrailingSlash): it \(why): \(list). "
                + "The rule \(backend.ruleName) needs a prefix without them")
    }
}
