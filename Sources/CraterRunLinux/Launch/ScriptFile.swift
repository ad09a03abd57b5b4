internal import CraterRunCore
internal import Glibc

/// The beginning of a script, which tells the program and the interpreter that the script starts.
struct ScriptFile {
    /// How many bytes are read: scripts of pip, conda and Debian are a few lines.
    private static let limit = 4096

    let path: String
    /// Empty if the file is not a script.
    let text: String

    init(path: String) {
        self.path = path
        let bytes = ((try? SmallFile.read(path, limit: ScriptFile.limit)) ?? []).prefix(ScriptFile.limit)
        text = bytes.starts(with: "#!".utf8) ? String(decoding: bytes, as: UTF8.self) : ""
    }

    /// The Python interpreter that runs the script; nil if it is not a Python script.
    ///
    /// - Parameter find: finds a program on PATH, for `#!/usr/bin/env python3`.
    func interpreter(find: (String) -> String?) -> String? {
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard let first = lines.first else { return nil }
        let words = first.dropFirst(2).split(separator: " ").map(String.init)
        guard let program = words.first else { return nil }
        if ScriptFile.isPython(program) { return program }
        if program.hasSuffix("/env"), let name = words.dropFirst().first(where: { !$0.hasPrefix("-") }) {
            return ScriptFile.isPython(name) ? find(name) : nil
        }
        // If the interpreter's path is too long for the first line: '''exec' "/long path/python" "$0" "$@"
        let exec = "'''exec' "
        guard let second = lines.dropFirst().first, second.hasPrefix(exec) else { return nil }
        let rest = second.dropFirst(exec.count)
        if rest.hasPrefix("\"$(") { return relocatable(rest) }
        let quote = rest.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
        let path = quote.map { quote in rest.dropFirst().prefix { $0 != quote } } ?? rest.prefix { $0 != " " }
        return ScriptFile.isPython(String(path)) ? String(path) : nil
    }

    /// The interpreter of a relocatable script, which finds the interpreter by the script's own place. uv writes:
    /// `'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"`
    private func relocatable(_ command: Substring) -> String? {
        let end = ")\"/"
        guard command.contains("dirname"), let start = command.firstRange(of: end)?.upperBound else { return nil }
        let rest = command[start...]
        let name = rest.first == "'" ? rest.dropFirst().prefix { $0 != "'" } : rest.prefix { $0 != " " }
        guard ScriptFile.isPython(String(name)) else { return nil }
        let followsLinks = ["realpath", "readlink"].contains(where: command.contains)
        return FilePath.beside(followsLinks ? FileAccess.resolved(path) : path, String(name))
    }

    /// The Python interpreter beside the script, if the script's first line does not lead to the script's own
    /// interpreter. This is so in two cases: the first line leaves the search to PATH (`/usr/bin/env python`), and PATH
    /// has another Python or none; or the first line names an interpreter that does not exist. Nil otherwise, and nil
    /// if there is no interpreter beside the script.
    ///
    /// - Parameter found: the result of ``interpreter(find:)``.
    func interpreterBeside(found: String?) -> String? {
        guard let first = text.split(separator: "\n", maxSplits: 1).first, first.contains("python") || found != nil
        else {
            return nil
        }
        let words = first.dropFirst(2).split(separator: " ").map(String.init)
        let leavesItToPath = words.first?.hasSuffix("/env") ?? false
        if !leavesItToPath, let found, FileAccess.executable(at: found) == .yes { return nil }
        let wanted = words.last.flatMap { leavesItToPath && ScriptFile.isPython($0) ? $0 : nil }
        let names = (wanted.map { [$0] } ?? []) + ["python3", "python"]
        for file in places {
            let neighbours = names.map { FilePath.beside(file, $0) }
            for beside in neighbours where FileAccess.executable(at: beside) == .yes {
                let isTheSame = found.map { FileAccess.resolved($0) == FileAccess.resolved(beside) } ?? false
                // Two links to the same interpreter are two environments: Python finds packages by the link's
                // directory.
                let foundDirectory = found.flatMap(FilePath.directory)
                return isTheSame && foundDirectory == FilePath.directory(of: file) ? nil : beside
            }
        }
        return nil
    }

    /// The script's paths to look beside, best first. The script may be a link into the environment, such as
    /// /usr/local/bin/tensorboard. An image's own Python is often beside such a link, and has other packages, so the
    /// link's target comes first.
    private var places: [String] {
        let target = FileAccess.resolved(path)
        let isLink = FilePath.directory(of: path).map(FileAccess.resolved) != FilePath.directory(of: target)
        return isLink ? [target, path] : [path]
    }

    /// Whether a program's name is that of a Python interpreter.
    static func isPython(_ path: String) -> Bool {
        path.split(separator: "/").last?.hasPrefix("python") ?? false
    }
}
