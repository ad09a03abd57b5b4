/// The flags that a user passes through to Jupyter, beside those that crater-run sets by itself.
///
/// traitlets knows a setting by its long form (`--ServerApp.port`, `--NotebookApp.port`) and some by an alias (`--port`). Given
/// twice, in whatever forms, some versions refuse to start: so a flag of the user's that says the same as ours is left out,
/// and one that says something else is an error.
struct JupyterFlags: Equatable, Sendable {
    /// What is passed on, in the user's order.
    private(set) var words: [String] = []
    /// The settings that the user's own flags decide: ours are left out.
    private(set) var decided: Set<String> = []
    /// Whether the user turned authentication off.
    private(set) var hasEmptyToken = false

    /// - Throws: ``FlagConflict`` for the first flag that contradicts the rule, or shows a secret.
    init(_ given: [String], rule: IngressRule) throws(FlagConflict) {
        var rest = given[...]
        while let word = rest.popFirst() {
            guard let flag = Flag(word, next: rest.first) else {
                words.append(word)
                continue
            }
            if flag.takesNext { rest = rest.dropFirst() }
            if try flag.isOurs(rule: rule) { continue }
            decided.insert(flag.setting)
            if flag.setting == "token" { hasEmptyToken = true }
            words += flag.words
        }
    }

    /// One flag, whatever its form.
    private struct Flag {
        /// The setting's name, as the long form has it: `port_retries`.
        let setting: String
        let value: String?
        let words: [String]
        /// Whether its value is the next word.
        let takesNext: Bool

        /// The classes whose settings are the server's.
        private static let servers: Set<String> = [
            "ServerApp", "NotebookApp", "LabApp", "JupyterNotebookApp", "NotebookServerApp", "ExtensionApp",
            "IdentityProvider",
            "PasswordIdentityProvider", "LegacyIdentityProvider",
        ]

        /// Settings that are switches in their short form.
        private static let switches: Set<String> = ["no_browser", "allow_root", "debug", "y"]

        /// Nil for a word that is no flag.
        init?(_ word: String, next: String?) {
            guard word.hasPrefix("--"), word.count > 2 else { return nil }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.map(String.init), !name.isEmpty else { return nil }
            let isLong = name.contains(".")
            // A long form of another class (KernelManager.ip) is another setting.
            let path = name.split(separator: ".").map(String.init)
            let isServers = path.count < 2 || Flag.servers.contains(path[path.count - 2])
            setting = isServers ? String((path.last ?? name).map { $0 == "-" ? "_" : $0 }) : name
            if parts.count == 2 {
                value = String(parts[1])
                takesNext = false
            } else if let next, !next.hasPrefix("-"), isLong || !Flag.switches.contains(setting) {
                value = next
                takesNext = true
            } else {
                value = nil
                takesNext = false
            }
            words = takesNext ? [word] + (next.map { [$0] } ?? []) : [word]
        }

        /// Whether it says what crater-run's own flags say.
        func isOurs(rule: IngressRule) throws(FlagConflict) -> Bool {
            switch setting {
            case "port":
                guard value == String(rule.port) else {
                    throw FlagConflict(words, "the rule \(rule.name) is on port \(rule.port)", "--port before the --")
                }
            case "base_url", "base_project_url":
                guard value.flatMap({ try? PathPrefix($0) }) == rule.prefix else {
                    let why = "the prefix of the rule \(rule.name) is \(rule.prefix.withTrailingSlash)"
                    throw FlagConflict(words, why, "--prefix before the --")
                }
            case "ip":
                // `::` is IPv6 alone, for which the ingress does not ask.
                guard let value, ["*", "0.0.0.0", ""].contains(value) else {
                    throw FlagConflict(words, "it has to listen at all addresses", "--ip=*")
                }
            case "port_retries":
                guard value == "0" else {
                    throw FlagConflict(words, "on any port but the rule's nobody finds it", "--port-retries=0")
                }
            case "sock", "certfile", "keyfile":
                throw FlagConflict(
                    reason:
                        "--\(setting) cannot be used: the ingress speaks plain HTTP to port \(rule.port); leave it out")
            case "token":
                guard let value, value.isEmpty else {
                    throw FlagConflict(
                        reason:
                            "a token as a flag can be read by everybody in the container: leave it out, and name a file "
                            + "that holds it in JUPYTER_TOKEN_FILE")
                }
                return false
            case "allow_root", "no_browser":
                return value == nil || value == "True"
            default:
                return false
            }
            return true
        }
    }
}
