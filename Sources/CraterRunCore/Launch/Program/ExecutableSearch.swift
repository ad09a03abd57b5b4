/// The places in which to look for an app's program, in order. This type names the places; the caller looks there.
package struct ExecutableSearch: Equatable, Sendable {
    /// The directories after PATH: Crater's images have their Python environments there.
    package static let customDirectories = ["/opt/conda/envs/envd/bin", "/opt/conda/bin", "/usr/local/bin"]

    /// The directories that a shell searches if PATH is not set (confstr(3), _CS_PATH).
    package static let defaultPath = "/bin:/usr/bin"

    /// Files to try, by full path.
    package let candidates: [String]
    /// The module to run by Python if none of the files exists; nil if there is none.
    package let module: String?
    /// Python interpreters to try for the module.
    package let interpreters: [String]

    /// - Parameters:
    ///   - names: the program's names, best first; a path stands for itself.
    ///   - module: the Python module that is the same program.
    ///   - override: `--executable`: a path, or a name to look for instead; nothing else is tried then.
    ///   - path: the value of PATH; an empty entry is the working directory, as for a shell.
    ///   - directory: the working directory.
    ///   - others: where to look after PATH.
    ///   - frontCommand: the command that has the programs as its subcommands. If `override` names this command, the
    ///     programs in the same directory are tried first.
    ///   - takesInterpreter: whether `override` may name a Python interpreter, which then runs the module.
    package init(
        names: [String],
        module: String?,
        override: String?,
        path: String?,
        directory: String,
        others: [String] = ExecutableSearch.customDirectories,
        frontCommand: String? = nil,
        takesInterpreter: Bool = false
    ) {
        func absolute(_ path: String) -> String {
            if path.hasPrefix("/") { return path }
            return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
        }
        let onPath = (path ?? ExecutableSearch.defaultPath)
            .split(separator: ":", omittingEmptySubsequences: false)
            .map { absolute(String($0)) }
        var directories: [String] = []
        for directory in onPath + others {
            let plain = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
            if !directories.contains(plain) { directories.append(plain) }
        }
        let file = override.flatMap { $0.split(separator: "/").last.map(String.init) }
        if takesInterpreter, module != nil, let override, let file, ExecutableSearch.isPython(file) {
            candidates = []
            self.module = module
            interpreters = override.contains("/") ? [absolute(override)] : directories.map { "\($0)/\(override)" }
            return
        }
        let isFront = file != nil && file == frontCommand
        if let override, override.contains("/") {
            let neighbours = isFront ? names.map { FilePath.beside(override, $0) } : []
            candidates = (neighbours + [override]).map(absolute)
            self.module = nil
            interpreters = []
            return
        }
        let wanted = (override == nil || isFront ? names : []) + (override.map { [$0] } ?? [])
        candidates = wanted.flatMap { name in
            name.contains("/") ? [absolute(name)] : directories.map { "\($0)/\(name)" }
        }
        self.module = override == nil ? module : nil
        interpreters =
            self.module == nil ? [] : ["python3", "python"].flatMap { name in directories.map { "\($0)/\(name)" } }
    }

    /// The places to try, for messages: the path of each file, then each interpreter with its `-m` and the module.
    package var places: [String] {
        candidates + (module.map { module in interpreters.map { "\($0) -m \(module)" } } ?? [])
    }

    /// Whether a file's name is that of a Python interpreter, such as `python3.11`.
    private static func isPython(_ name: String) -> Bool {
        name.hasPrefix("python") && name.dropFirst(6).allSatisfy { $0.isNumber || $0 == "." }
    }
}
