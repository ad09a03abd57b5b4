/// The app's flags for port, address and prefix, which the rule decides. A user's flag that says the same as the rule is
/// left out, since crater-run gives these flags itself. A user's flag that contradicts the rule is refused.
///
/// The names cover every version of the app, and the shortest abbreviation that any version accepts.
package struct RuleFlags: Equatable, Sendable {
    var port: [FlagName] = []
    var address: [FlagName] = []
    var prefix: [FlagName] = []
    /// Flags that are always refused: with them, the app would listen at a socket file, or speak TLS.
    var unreachable: [FlagName] = []
    /// The values of the ``address`` flags that stand for all addresses.
    var addresses: Set<String> = ["0.0.0.0", "*"]

    /// The user's flags without those for port, address and prefix. The user may have the prefix in another form than
    /// the app needs, so it must not reach the app: the app would use the last of equal flags.
    ///
    /// - Throws: ``Refusal`` if a flag contradicts the rule.
    func rest(of flags: UserFlags, for backend: Backend) throws(Refusal) -> UserFlags {
        try check(flags, for: backend)
        return flags.without(port + address + prefix)
    }

    /// - Throws: ``Refusal`` if a flag contradicts the rule.
    func check(_ flags: UserFlags, for backend: Backend) throws(Refusal) {
        try check(flags, port, backend.portReason, "--port before the --") { $0 == String(backend.port) }
        try check(flags, address, backend.addressReason, backend.host) {
            addresses.contains($0) || backend.isBehindDoor && Backend.loopbackNames.contains($0)
        }
        try check(flags, prefix, backend.prefixReason, "--prefix before the --") { backend.prefix.isMeant(by: $0) }
        if let flag = flags.given(unreachable).first?.flag { throw Refusal(unreachable: flag, for: backend) }
    }

    private func check(
        _ flags: UserFlags, _ names: [FlagName], _ why: String, _ remedy: String, agrees: (String) -> Bool
    ) throws(Refusal) {
        for given in flags.given(names) where !(given.value.map(agrees) ?? false) {
            throw Refusal(given.words, why, remedy)
        }
    }
}
