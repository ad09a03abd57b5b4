/// The app's flags for port, address and prefix, which the rule decides. A user's flag that agrees with the rule is
/// passed on. A user's flag that contradicts the rule is refused.
package struct RuleFlags: Equatable, Sendable {
    var port: [FlagName] = []
    var address: [FlagName] = []
    var prefix: [FlagName] = []
    /// Whether the app accepts a flag that is given twice with the same value. If not, every such flag of the user's is
    /// refused, since crater-run gives it too.
    var takesRepeats = true

    /// - Throws: ``Refusal`` if a flag contradicts the rule.
    func check(_ flags: UserFlags, for backend: Backend) throws(Refusal) {
        let rule = "the rule \(backend.ruleName)"
        try check(flags, port, "\(rule) is on port \(backend.port)", "--port before the --") {
            $0 == String(backend.port)
        }
        try check(flags, address, "the app has to listen at all addresses", "0.0.0.0") { $0 == "0.0.0.0" }
        let path = backend.prefix.withTrailingSlash
        try check(flags, prefix, "the prefix of \(rule) is \(path)", "--prefix before the --") { value in
            (try? PathPrefix(value)) == backend.prefix
        }
    }

    private func check(
        _ flags: UserFlags, _ names: [FlagName], _ why: String, _ remedy: String, agrees: (String) -> Bool
    ) throws(Refusal) {
        for given in flags.given(names) where !(takesRepeats && given.value.map(agrees) ?? false) {
            throw Refusal(given.words, why, takesRepeats ? remedy : "--port and --prefix before the --")
        }
    }
}
