/// The flags that a user passes through to Jupyter, beside those that crater-run sets.
///
/// traitlets knows a setting by its long form (`--ServerApp.port`, `--NotebookApp.port`), and some settings by an alias
/// (`--port`). If a setting is given twice, in whatever forms, some versions refuse to start. So a user's flag that
/// says the same as crater-run's is left out, and a flag that says something else is an error.
struct JupyterFlags: Equatable, Sendable {
    /// The flags to pass on, in the user's order.
    private(set) var words: [String] = []
    /// The settings that the user's own flags decide: crater-run's are left out.
    private(set) var decided: Set<String> = []
    /// The names of the user's flags as given, without dashes and values.
    private var names: Set<String> = []
    /// Whether the user turned authentication off.
    private(set) var hasEmptyToken = false

    /// - Throws: ``Refusal`` for the first flag that contradicts the rule or exposes a secret.
    init(_ given: [String], backend: Backend) throws(Refusal) {
        for part in JupyterFlags.parts(of: given) {
            guard case .flag(let flag) = part else {
                if case .word(let word) = part { words.append(word) }
                continue
            }
            if try flag.isOurs(backend: backend) { continue }
            decided.insert(flag.setting)
            names.insert(flag.name)
            if flag.setting == "token" { hasEmptyToken = true }
            words += flag.words
        }
    }

    /// Whether a flag of the user's decides a setting of the classic Notebook. The classic Notebook ignores the flags of
    /// newer servers' classes.
    func decidesClassic(_ setting: String) -> Bool {
        ["NotebookApp", "LabApp"].contains { names.contains("\($0).\(setting)") }
    }

    /// A flag with its value, or another word.
    private enum Part {
        case flag(Flag)
        case word(String)
    }

    private static func parts(of given: [String]) -> [Part] {
        var rest = given[...]
        var parts: [Part] = []
        while let word = rest.popFirst() {
            guard let flag = Flag(word, next: rest.first) else {
                parts.append(.word(word))
                continue
            }
            if flag.takesNext { rest = rest.dropFirst() }
            parts.append(.flag(flag))
        }
        return parts
    }

    /// Where Jupyter can listen behind the front door, with these flags of the user's: at the port that they name, or at a
    /// socket unless they name a file to open.
    static func backendWish(with flags: [String]) -> BackendWish {
        var wish = BackendWish.socket(isNeeded: false)
        for part in parts(of: flags) {
            switch part {
            case .flag(let flag) where flag.setting == "port":
                return flag.value.flatMap { UInt16($0) }.flatMap { $0 == 0 ? nil : .port($0) } ?? .anyPort
            case .flag(let flag) where flag.setting == "file_to_run": wish = .anyPort
            case .word(let word) where !word.hasPrefix("-"): wish = .anyPort
            case .flag, .word: break
            }
        }
        return wish
    }

    /// The configuration files that the user's flags name.
    static func configurationFiles(in flags: [String]) -> [String] {
        parts(of: flags).compactMap { part in
            guard case .flag(let flag) = part else { return nil }
            return flag.name == "config" || flag.name.hasSuffix(".config_file") ? flag.value : nil
        }
    }

    /// One flag, in any form.
    private struct Flag {
        /// The name as given: `port-retries`, `ServerApp.port_retries`.
        let name: String
        /// The setting's name as in the long form: `port_retries`.
        let setting: String
        let value: String?
        let words: [String]
        /// Whether the next word is the flag's value.
        let takesNext: Bool

        /// The classes that have the server's settings.
        private static let servers: Set<String> = [
            "ServerApp", "NotebookApp", "LabApp", "JupyterNotebookApp", "NotebookServerApp", "ExtensionApp",
            "IdentityProvider",
            "PasswordIdentityProvider", "LegacyIdentityProvider",
        ]

        /// Settings that are switches in their short form.
        private static let switches: Set<String> = ["no_browser", "allow_root", "debug", "y"]

        /// Nil if the word is not a flag.
        init?(_ word: String, next: String?) {
            guard word.hasPrefix("--"), word.count > 2 else { return nil }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.map(String.init), !name.isEmpty else { return nil }
            self.name = name
            let isLong = name.contains(".")
            // A long form of another class (KernelManager.ip) is a different setting.
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

        /// Whether the flag says the same as crater-run's own flags.
        func isOurs(backend: Backend) throws(Refusal) -> Bool {
            switch setting {
            case "port":
                guard value == String(backend.port) else {
                    throw Refusal(words, backend.portReason, "--port before the --")
                }
            case "base_url", "base_project_url":
                guard let value, backend.prefix.isMeant(by: value) else {
                    throw Refusal(words, backend.prefixReason, "--prefix before the --")
                }
            case "ip":
                // `::` is IPv6 alone, and the ingress connects by IPv4.
                let own = backend.isBehindDoor ? Backend.loopbackNames : []
                guard let value, own.union(["*", "0.0.0.0", ""]).contains(value) else {
                    throw Refusal(words, backend.addressReason, "--ip=\(backend.isBehindDoor ? backend.host : "*")")
                }
            case "port_retries":
                guard value == "0" else {
                    throw Refusal(words, "the ingress reaches no port but the rule's", "--port-retries=0")
                }
            case "sock", "certfile", "keyfile":
                throw Refusal(unreachable: "--\(setting)", for: backend)
            case "token":
                guard let value, value.isEmpty else {
                    throw Refusal(
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
