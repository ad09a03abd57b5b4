internal import CraterRunCore
internal import Glibc

/// The beginning of a script, which tells the program and the interpreter that the script starts.
struct ScriptFile {
    /// How many bytes are read: scripts of pip, conda and Debian are a few lines.
    private static let limit = 4096

    /// Empty if the file is not a script.
    let text: String

    init(path: String) {
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
        let quote = rest.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
        let path = quote.map { quote in rest.dropFirst().prefix { $0 != quote } } ?? rest.prefix { $0 != " " }
        return ScriptFile.isPython(String(path)) ? String(path) : nil
    }

    /// Whether a program's name is that of a Python interpreter.
    static func isPython(_ path: String) -> Bool {
        path.split(separator: "/").last?.hasPrefix("python") ?? false
    }
}
