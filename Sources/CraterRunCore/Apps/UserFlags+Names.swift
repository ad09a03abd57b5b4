extension UserFlags {
    /// Every occurrence of one of these flags. A flag of one letter may have its value in the same word: `-p5000`.
    package func given(_ names: [FlagName]) -> [Given] {
        names.flatMap { name in
            given(name.name, shortest: name.shortest) + joined(name.name)
        }
    }

    private func joined(_ name: String) -> [Given] {
        guard name.utf8.count == 2, !name.hasSuffix("-") else { return [] }
        return words.compactMap { word in
            guard word.hasPrefix(name), word.utf8.count > 2, !word.hasPrefix("\(name)=") else { return nil }
            return Given(flag: name, value: String(word.dropFirst(2)))
        }
    }

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

    private static func hasPassword(_ word: String) -> Bool {
        let parts = word.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasSuffix(":") else { return false }
        let authority = parts[1].prefix { $0 != "/" }
        guard let end = authority.lastIndex(of: "@") else { return false }
        return authority[..<end].contains(":")
    }
}
