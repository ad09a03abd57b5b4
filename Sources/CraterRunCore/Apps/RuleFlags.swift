/// The app's flags for port, address and prefix, which the rule decides. A user's flag that says the same as the rule is
/// left out, since crater-run gives these flags itself. A user's flag that contradicts the rule is refused.
package struct RuleFlags: Equatable, Sendable {
    var port: [FlagName] = []
    var address: [FlagName] = []
    var prefix: [FlagName] = []

    /// The user's flags without those for port, address and prefix. The user may have the prefix in another form than
    /// the app needs, so it must not reach the app: the app would use the last of equal flags.
    ///
    /// - Throws: ``Refusal`` if a flag contradicts the rule.
    func rest(of flags: UserFlags, for backend: Backend) throws(Refusal) -> UserFlags {
        let rule = "the rule \(backend.ruleName)"
        try check(flags, port, "\(rule) is on port \(backend.port)", "--port before the --") {
            $0 == String(backend.port)
        }
        try check(flags, address, "the app has to listen at all addresses", "0.0.0.0") {
            ["0.0.0.0", "*"].contains($0)
        }
        let path = backend.prefix.withTrailingSlash
        try check(flags, prefix, "the prefix of \(rule) is \(path)", "--prefix before the --") {
            backend.prefix.isMeant(by: $0)
        }
        return flags.without(port + address + prefix)
    }

    private func check(
        _ flags: UserFlags, _ names: [FlagName], _ why: String, _ remedy: String, agrees: (String) -> Bool
    ) throws(Refusal) {
        for given in flags.given(names) where !(given.value.map(agrees) ?? false) {
            throw Refusal(given.words, why, remedy)
        }
    }
}
