/// The forms of a prefix that apps compare with a request's path. An app that compares the path as it stands in the
/// request is given ``PathPrefix/withoutTrailingSlash`` or ``PathPrefix/withTrailingSlash``.
extension PathPrefix {
    /// The prefix without escapes and without the trailing slash; `/` for the root: for an app that decodes a request's
    /// path. What is not UTF-8 becomes U+FFFD, as in Python.
    package var decoded: String { String(decoding: PercentEncoding.decode(withoutTrailingSlash.utf8), as: UTF8.self) }

    /// Whether a user means this prefix by a text: with or without escapes, with or without a trailing slash.
    func isMeant(by text: String) -> Bool {
        if let prefix = try? PathPrefix(text), prefix == self || prefix.decoded == decoded { return true }
        return text == decoded || text == decoded + "/"
    }

    /// Those of the characters that the prefix has unescaped, each once, in the order of `characters`.
    func characters(among characters: String) -> [String] {
        characters.filter { withoutTrailingSlash.contains($0) }.map(String.init)
    }

    /// The characters of the decoded prefix for which `isAllowed` is false, each once.
    func decodedCharacters(except isAllowed: (Character) -> Bool) -> [String] {
        var found: [String] = []
        for character in decoded where !isAllowed(character) && !found.contains(String(character)) {
            found.append(String(character))
        }
        return found
    }
}
