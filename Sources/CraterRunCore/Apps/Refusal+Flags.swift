extension Refusal {
    /// The user's `words` contradict the rule.
    init(_ words: [String], _ why: String, _ remedy: String) {
        self.init("\(ShellQuoting.quote(words)) contradicts the rule: \(why); leave it out, or use \(remedy)")
    }

    /// With this flag of the user's, the app would not speak plain HTTP at the rule's port.
    init(unreachable flag: String, for backend: Backend) {
        let place =
            backend.socket == nil
            ? "the ingress speaks plain HTTP to port \(backend.port)" : "the front door speaks plain HTTP to its socket"
        self.init("\(flag) cannot be used: \(place); leave it out")
    }

    /// The user's words contain a secret.
    ///
    /// - Parameter secret: a description of the secret, without its value.
    init(secret: String, _ remedy: String) {
        self.init("\(secret) can be read by everybody in the container: leave it out, or use \(remedy)")
    }

    /// Refuses a prefix that has any of `characters` unescaped.
    ///
    /// - Parameter why: what the app does with these characters: the rest of a sentence that begins with "it".
    static func refuse(
        _ characters: String, in backend: Backend, of app: AppIdentity, because why: String
    ) throws(Refusal) {
        try refuse(backend.prefix.characters(among: characters), in: backend, of: app, because: why)
    }

    /// Refuses a prefix that has any of `characters`, as an escape or not. U+FFFD stands for escapes that are not UTF-8.
    static func refuse(
        decoded characters: String, in backend: Backend, of app: AppIdentity, because why: String
    ) throws(Refusal) {
        try refuse(backend.prefix.decodedCharacters(among: characters), in: backend, of: app, because: why)
    }

    /// Refuses a prefix that has these characters; does nothing if the list is empty.
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

/// Why an app's place is not the user's flags' to decide: each the end of a message.
extension Backend {
    static let loopbackNames: Set<String> = [loopback, "localhost"]

    var portReason: String {
        isBehindDoor
            ? "behind the front door the app has a port of its own" : "the rule \(ruleName) is on port \(port)"
    }

    var addressReason: String {
        isBehindDoor
            ? "behind the front door the app listens at \(socket == nil ? "the loopback address" : "a socket") alone"
            : "the app has to listen at all addresses"
    }

    var prefixReason: String {
        isBehindDoor && prefix.isRoot
            ? "the front door takes the prefix off"
            : "the prefix of the rule \(ruleName) is \(prefix.withTrailingSlash)"
    }
}
