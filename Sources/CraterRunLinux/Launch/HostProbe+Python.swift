internal import CraterRunCore

extension HostProbe {
    /// The Python environment of a program, if the program does not find its interpreter by itself, or if nobody has
    /// activated the environment; else nil.
    ///
    /// - Parameter interpreter: the interpreter that runs the program; nil if the program is not a Python program.
    func pythonEnvironment(of program: HostFacts.Program, interpreter: String?) -> PythonEnvironment? {
        guard let interpreter, let directory = FilePath.directory(of: interpreter),
            let prefix = FilePath.directory(of: directory)
        else { return nil }
        var isFoundBeside = false
        if case .script = program { isFoundBeside = true }
        let scripts = "\(prefix)/etc/conda/activate.d"
        // An image that has the environment on PATH gives the user's own commands the same environment without these
        // scripts.
        let isOnPath = (value("PATH") ?? "").split(separator: ":").contains { plain(String($0)) == directory }
        let isActive = value("CONDA_PREFIX").map { plain($0) == prefix } ?? false
        let hasScripts =
            !isActive && (isFoundBeside || !isOnPath)
            && (Directory.names(in: scripts) ?? []).contains { $0.hasSuffix(".sh") }
        guard isFoundBeside || hasScripts else { return nil }
        return PythonEnvironment(
            python: interpreter, isFoundBeside: isFoundBeside, activationScripts: hasScripts ? scripts : nil)
    }

    private func plain(_ directory: String) -> String {
        directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    /// For each word of the question: the configuration files that have the word outside of a comment. A word that no
    /// file has is left out.
    func configuration(_ question: ConfigurationQuestion, python: String?) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for path in named(question) + usual(question, python: python) {
            guard let bytes = try? SmallFile.readRegular(path, limit: 1 << 20) else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                .filter { !($0.drop { $0 == " " || $0 == "\t" }.hasPrefix("#")) }
            for word in question.words where lines.contains(where: { $0.contains(word) }) {
                found[word, default: []].append(path)
            }
        }
        return found
    }

    private func named(_ question: ConfigurationQuestion) -> [String] {
        question.namedFiles.flatMap { file in
            let name = FilePath.name(of: file)
            let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
            let bare = FilePath.beside(path(of: file), stem.isEmpty ? name : stem)
            return ["\(bare).py", "\(bare).json"]
        }
    }

    private func usual(_ question: ConfigurationQuestion, python: String?) -> [String] {
        guard value(question.offVariable) == nil else { return [] }
        let prefix = python.flatMap(FilePath.directory).flatMap(FilePath.directory)
        var directories = [value(question.directoryVariable) ?? value("HOME").map { "\($0)/.\(question.name)" }]
        directories += value(question.pathVariable)?.split(separator: ":").map { String($0) } ?? []
        // A virtual environment does not use the user's own packages.
        let isVirtual = prefix.map { FileAccess.exists("\($0)/pyvenv.cfg") } ?? false
        let userBase = isVirtual ? nil : value("PYTHONUSERBASE") ?? value("HOME").map { "\($0)/.local" }
        directories += [userBase, prefix, "/usr/local", ""].compactMap { $0 }.map { "\($0)/etc/\(question.name)" }
        return directories.compactMap { $0 }.flatMap { directory in question.files.map { "\(directory)/\($0)" } }
    }
}
