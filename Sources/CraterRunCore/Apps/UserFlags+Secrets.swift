extension UserFlags {
    /// Refuses secrets in flags, since everybody in the container can read the words of a command.
    ///
    /// - Throws: ``Refusal`` if one of these flags has a value. The message does not contain the value.
    func refuseSecrets(_ names: [FlagName], remedy: String) throws(Refusal) {
        guard let flag = given(names).first(where: { $0.value != nil })?.flag else { return }
        throw Refusal(secret: "the value of \(flag)", remedy)
    }

    /// Refuses words that are URLs with a password, such as `postgresql://user:password@host/database`.
    func refusePasswords(remedy: String) throws(Refusal) {
        guard words.contains(where: UserFlags.hasPassword) else { return }
        throw Refusal(secret: "a URL with a password", remedy)
    }

    /// Whether the word has a URL with a password, as SQLAlchemy reads URLs: the password may have slashes, or be a
    /// parameter.
    private static func hasPassword(_ word: String) -> Bool {
        let parts = word.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let scheme = parts.first, let rest = parts.last, scheme.hasSuffix(":") else {
            return false
        }
        if hasPasswordParameter(rest.drop { $0 != "?" }.dropFirst()) { return true }
        let secret = rest.drop { !":/@?".contains($0) }
        guard secret.first == ":", secret.contains("@") else { return false }
        // `http://host:5000/a@b` has a port and a path. All databases that MLflow uses have `sql` in their names.
        let port = secret.dropFirst().prefix { $0.isNumber }
        let isPort = !port.isEmpty && secret.dropFirst(port.count + 1).first == "/"
        return !isPort || scheme.contains("sql") && secret.prefix { $0 != "?" }.contains("@")
    }

    /// Whether one of a URL's parameters is a password. A parameter may be a list of further ones, with escapes, as
    /// `odbc_connect=UID%3Du%3BPWD%3Dp` is.
    private static func hasPasswordParameter(_ parameters: Substring) -> Bool {
        let text = String(decoding: PercentEncoding.decode(parameters.utf8), as: UTF8.self)
        return text.split(whereSeparator: "&;".contains).contains { parameter in
            parameter.split(separator: "=").dropLast().contains { name in
                let name = name.lowercased()
                return ["password", "passwd", "pwd"].contains { name.hasSuffix($0) }
            }
        }
    }
}
