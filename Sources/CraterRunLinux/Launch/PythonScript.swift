internal import CraterRunCore
internal import Glibc

/// A script's beginning, read to tell which program and which interpreter it starts.
struct ScriptFile {
    /// More of it is not read: scripts of pip, conda and Debian are a few lines.
    private static let limit = 4096

    /// Empty for anything but a script.
    let text: String

    init(path: String) {
        let bytes = ((try? SmallFile.read(path, limit: ScriptFile.limit)) ?? []).prefix(ScriptFile.limit)
        text = bytes.starts(with: "#!".utf8) ? String(decoding: bytes, as: UTF8.self) : ""
    }

    /// The Python interpreter that the script is for; nil if it is not one of Python's.
    ///
    /// - Parameter find: looks for a program on PATH, for `#!/usr/bin/env python3`.
    func interpreter(find: (String) -> String?) -> String? {
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard let first = lines.first else { return nil }
        let words = first.dropFirst(2).split(separator: " ").map(String.init)
        guard let program = words.first else { return nil }
        if ScriptFile.isPython(program) { return program }
        if program.hasSuffix("/env"), let name = words.dropFirst().first(where: { !$0.hasPrefix("-") }) {
            return ScriptFile.isPython(name) ? find(name) : nil
        }
        // Where the interpreter's path is too long for the first line: '''exec' "/long path/python" "$0" "$@"
        let exec = "'''exec' "
        guard let second = lines.dropFirst().first, second.hasPrefix(exec) else { return nil }
        let rest = second.dropFirst(exec.count)
        let quote = rest.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
        let path = quote.map { quote in rest.dropFirst().prefix { $0 != quote } } ?? rest.prefix { $0 != " " }
        return ScriptFile.isPython(String(path)) ? String(path) : nil
    }

    /// Whether a program's name is that of a Python interpreter.
    static func isPython(_ path: String) -> Bool {
        path.split(separator: "/").last?.hasPrefix("python") ?? false
    }
}

/// The packages of a Python interpreter, by looking at its folders instead of starting it, which takes a tenth of a second
/// and more.
enum PythonModules {
    static func has(_ module: String, interpreter: String, environment: (String) -> String?) -> Bool {
        let file = module.split(separator: ".").joined(separator: "/")
        return folders(of: interpreter, environment: environment).contains { folder in
            FileAccess.isReadable("\(folder)/\(file).py") || FileAccess.isReadable("\(folder)/\(file)/__main__.py")
        }
    }

    /// What there is to know about a package; nil where it is not found.
    static func look(
        for question: PythonPackage.Question,
        interpreter: String,
        environment: (String) -> String?
    ) -> PythonPackage? {
        let folders = folders(of: interpreter, environment: environment)
        guard let folder = folders.first(where: { FileAccess.exists("\($0)/\(question.name)/__init__.py") }) else {
            return nil
        }
        let directory = "\(folder)/\(question.name)"
        return PythonPackage(
            directory: directory,
            missingFiles: question.files.filter { !FileAccess.exists("\(directory)/\($0)") },
            versions: versions(of: question.distributions, in: folders)
        )
    }

    /// The versions of these distributions, as far as they are installed, by the names of their folders.
    static func versions(
        of distributions: [String],
        interpreter: String,
        environment: (String) -> String?
    ) -> [String: String] {
        versions(of: distributions, in: folders(of: interpreter, environment: environment))
    }

    private static func versions(of distributions: [String], in folders: [String]) -> [String: String] {
        var versions: [String: String] = [:]
        // The first folder wins, as for Python itself.
        for folder in folders.reversed() {
            for name in Directory.names(in: folder) ?? [] {
                // Debian's packages have the latter.
                guard let suffix = [".dist-info", ".egg-info"].first(where: { name.hasSuffix($0) }) else { continue }
                let parts = name.dropLast(suffix.count).split(separator: "-").map(String.init)
                guard let distribution = parts.first, let version = parts.dropFirst().first,
                    distributions.contains(distribution)
                else { continue }
                versions[distribution] = version
            }
        }
        return versions
    }

    private static func folders(of interpreter: String, environment: (String) -> String?) -> [String] {
        var folders = environment("PYTHONPATH").map { $0.split(separator: ":").map(String.init) } ?? []
        let userBase = environment("PYTHONUSERBASE") ?? environment("HOME").map { "\($0)/.local" }
        // A virtual environment is where the link to its interpreter is; another's packages are not its own.
        let prefix = interpreter.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/")
        for base in [prefix, userBase].compactMap({ $0 }) {
            for library in ["\(base)/lib", "\(base)/local/lib"] {
                for version in Directory.names(in: library) ?? [] where version.hasPrefix("python3") {
                    folders += ["\(library)/\(version)/site-packages", "\(library)/\(version)/dist-packages"]
                }
            }
        }
        return folders
    }
}
