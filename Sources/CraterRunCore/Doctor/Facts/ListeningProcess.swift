/// A process that listens at TCP ports.
package struct ListeningProcess: Equatable, Sendable {
    /// Who looks after it.
    package enum Keeper: Equatable, Sendable {
        /// Nobody that is known.
        case nobody
        /// A crater-run that lives, and starts it again when it ends.
        case supervisor(pid: Int32)
        /// A crater-run that is gone.
        case deadSupervisor
    }

    package let pid: Int32
    /// The program's name, at most 15 bytes.
    package let name: String
    /// The words of its command line; empty where they cannot be read.
    package let words: [String]
    package let ports: Set<UInt16>
    package let keeper: Keeper
    /// The app that a crater-run started it for, as it is called there.
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

    /// Whether its command line is that of the app, however it was started.
    func isOf(_ app: any WebApp) -> Bool {
        var names = Set(app.executables.compactMap { $0.split(separator: "/").last.map(String.init) })
        names.formUnion(app.identity.ruleNames)
        // A script that was executed gives the process its name, cut to 15 bytes.
        if names.contains(where: { $0.utf8.prefix(15).elementsEqual(name.utf8) }) { return true }
        guard let program = words.first.map(ListeningProcess.baseName) else { return false }
        if names.contains(program) { return true }
        guard program.hasPrefix("python") else { return false }
        // Their packages are called as what they are installed as.
        names.formUnion(app.distributions(of: nil))
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "-m": return rest.first?.split(separator: ".").first.map { names.contains(String($0)) } ?? false
            case "-c": return rest.first.map { code in app.module.map(code.contains) ?? false } ?? false
            case "-W", "-X": rest = rest.dropFirst()
            case _ where word.hasPrefix("-"): continue
            default: return names.contains(ListeningProcess.baseName(word))
            }
        }
        return false
    }

    /// Whether a crater-run started it for the app; a second app of a kind has a number behind its name.
    func isServed(as app: String) -> Bool {
        guard let served = servedApp, served.hasPrefix(app) else { return false }
        let rest = served.dropFirst(app.count)
        return rest.isEmpty || rest.first == "-" && Int(rest.dropFirst()) != nil
    }

    /// A path on its command line that is one of the platform's, and not this one.
    func otherPrefix(than prefix: PathPrefix) -> String? {
        for word in words {
            guard let start = word.start(ofPath: "/ingress/") else { continue }
            guard let other = try? PathPrefix(String(word[start...])), other != prefix else { continue }
            return other.withTrailingSlash
        }
        return nil
    }

    private static func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension String {
    /// Where a path begins that is all of the word, or all behind its equals sign.
    fileprivate func start(ofPath path: String) -> String.Index? {
        if hasPrefix(path) { return startIndex }
        guard let equals = firstIndex(of: "=") else { return nil }
        let value = index(after: equals)
        return self[value...].hasPrefix(path) ? value : nil
    }
}
