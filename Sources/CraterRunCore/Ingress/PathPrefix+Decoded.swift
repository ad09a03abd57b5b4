/// The decoded form of a prefix, for apps that decode a request's path before they compare it with their prefix. An app
/// that does not decode the path needs ``PathPrefix/withoutTrailingSlash`` or ``PathPrefix/withTrailingSlash``.
extension PathPrefix {
    /// The prefix without escapes and without the trailing slash; `/` for the root. Bytes that are not UTF-8 become
    /// U+FFFD, as in Python.
    package var decoded: String { String(decoding: PercentEncoding.decode(withoutTrailingSlash.utf8), as: UTF8.self) }

    /// The prefix without its trailing slash, as programs write it that know it without escapes: with all escapes that a path
    /// segment can have, as Python's `quote` writes it, and with those alone that it needs, as Starlette and Werkzeug do
    /// (RFC 3986, section 3.3).
    var spellings: [String] {
        let segments = withoutTrailingSlash.split(separator: "/").map { PercentEncoding.decode($0.utf8) }
        let all = ["-._~", "-._~!$&'()*+,;=:@"].map { kept in
            "/" + segments.map { PercentEncoding.encode($0, keeping: kept) }.joined(separator: "/")
        }
        return all[0] == all[1] ? [all[0]] : all
    }

    /// Whether the user's text stands for this prefix. The text may have escapes or not, and a slash at its beginning
    /// and at its end or not.
    func isMeant(by text: String) -> Bool {
        let text = text.hasPrefix("/") ? text : "/\(text)"
        if let prefix = try? PathPrefix(text), prefix == self || prefix.decoded == decoded { return true }
        return text == decoded || text == decoded + "/"
    }

    /// The members of `characters` that the prefix contains unescaped, each once, in the order of `characters`.
    func characters(among characters: String) -> [String] {
        characters.filter { withoutTrailingSlash.contains($0) }.map(String.init)
    }

    /// The members of `characters` that the decoded prefix contains, each once, in the order of `characters`.
    ///
    /// An app reads the prefix by code points, as this function does: a `<` with a combining accent is one character of
    /// Swift's, and still a `<` for the app.
    func decodedCharacters(among characters: String) -> [String] {
        let found = Set(decoded.unicodeScalars)
        return characters.unicodeScalars.filter(found.contains).map { String($0) }
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
