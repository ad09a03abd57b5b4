/// A process that listens at TCP ports.
package struct ListeningProcess: Equatable, Sendable {
    /// What looks after a process.
    package enum Keeper: Equatable, Sendable {
        /// Nothing that is known.
        case nobody
        /// A running crater-run, which starts the process again when it ends.
        case supervisor(pid: Int32)
        /// A crater-run that has ended.
        case deadSupervisor
    }

    package let pid: Int32
    /// The program's name, at most 15 bytes.
    package let name: String
    /// The words of its command line; empty if they cannot be read.
    package let words: [String]
    package let ports: Set<UInt16>
    package let keeper: Keeper
    /// The app for which a crater-run started the process, by its name there.
    package let servedApp: String?

    package init(
        pid: Int32,
        name: String,
        words: [String] = [],
        ports: Set<UInt16>,
        keeper: Keeper = .nobody,
        servedApp: String? = nil
    ) {
        self.pid = pid
        self.name = name
        self.words = words
        self.ports = ports
        self.keeper = keeper
        self.servedApp = servedApp
    }

    /// For a person: `python3 (pid 17)`.
    var title: String { "\(PrintableText.escape(name.utf8)) (pid \(pid))" }

    /// Whether the command line is the app's, however the process was started.
    func isOf(_ app: any WebApp) -> Bool {
        var names = Set(app.executables.compactMap { $0.split(separator: "/").last.map(String.init) })
        names.formUnion(app.identity.ruleNames)
        // A script that was executed gives the process its name, cut to 15 bytes.
        if names.contains(where: { $0.utf8.prefix(15).elementsEqual(name.utf8) }) { return true }
        guard let program = words.first.map(ListeningProcess.baseName) else { return false }
        if names.contains(program) { return true }
        guard program.hasPrefix("python") else { return false }
        // The names of the apps' Python packages are those of their distributions.
        names.formUnion(app.distributions(of: nil))
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "-m": return rest.first?.split(separator: ".").first.map { names.contains(String($0)) } ?? false
            case "-c":
                guard let code = rest.first else { return false }
                return app.module.map(code.contains) ?? false
                    || names.contains { code.contains("run_module(\"\($0)\"") || code.contains("run_module(\"\($0).") }
            case "-W", "-X": rest = rest.dropFirst()
            case _ where word.hasPrefix("-"): continue
            default: return names.contains(ListeningProcess.baseName(word))
            }
        }
        return false
    }

    /// Whether a crater-run started the process for the app. A second app of a kind has a number after its name.
    func isServed(as app: String) -> Bool {
        guard let served = servedApp, served.hasPrefix(app) else { return false }
        let rest = served.dropFirst(app.count)
        return rest.isEmpty || rest.first == "-" && Int(rest.dropFirst()) != nil
    }

    /// Another prefix of the platform's on the command line; nil if there is none.
    func otherPrefix(than prefix: PathPrefix) -> String? {
        for word in words {
            guard let start = word.start(ofPath: "/ingress/") else { continue }
            let text = String(word[start...])
            guard let other = try? PathPrefix(text), !prefix.isMeant(by: text) else { continue }
            return other.withTrailingSlash
        }
        return nil
    }

    private static func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension String {
    /// The index at which `path` begins, if it begins the word or follows the word's equals sign.
    fileprivate func start(ofPath path: String) -> String.Index? {
        if hasPrefix(path) { return startIndex }
        guard let equals = firstIndex(of: "=") else { return nil }
        let value = index(after: equals)
        return self[value...].hasPrefix(path) ? value : nil
    }
}
