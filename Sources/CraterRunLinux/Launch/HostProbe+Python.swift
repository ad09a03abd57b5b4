internal import CraterRunCore

extension HostProbe {
    /// The Python environment of a script that the interpreter beside it runs; nil for other programs.
    func pythonEnvironment(of program: HostFacts.Program) -> PythonEnvironment? {
        guard case .script(_, _, let python) = program else { return nil }
        let prefix = python.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        let scripts = "\(prefix)/etc/conda/activate.d"
        let hasScripts = (Directory.names(in: scripts) ?? []).contains { $0.hasSuffix(".sh") }
        return PythonEnvironment(python: python, activationScripts: hasScripts ? scripts : nil)
    }

    /// For each word of the question: the first configuration file that has the word outside of a comment. A word that
    /// no file has is left out.
    func configuration(_ question: ConfigurationQuestion, python: String?) -> [String: String] {
        let prefix = python?.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        var directories = [value(question.directoryVariable) ?? value("HOME").map { "\($0)/.\(question.name)" }]
        directories += value(question.pathVariable)?.split(separator: ":").map { String($0) } ?? []
        directories += [prefix, "/usr/local"].compactMap { $0 }.map { "\($0)/etc/\(question.name)" }
        directories.append("/etc/\(question.name)")
        var found: [String: String] = [:]
        for directory in directories.compactMap({ $0 }) {
            for name in question.files {
                let path = "\(directory)/\(name)"
                guard let bytes = try? SmallFile.readRegular(path, limit: 1 << 20) else { continue }
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                    .filter { !($0.drop { $0 == " " || $0 == "\t" }.hasPrefix("#")) }
                for word in question.words where found[word] == nil && lines.contains(where: { $0.contains(word) }) {
                    found[word] = path
                }
            }
        }
        return found
    }
}
