/// An app that serves one file of the user's.
protocol ScriptApp: SimpleApp {
    /// The file that is served if the user names no file.
    static var usualFile: String { get }
    var words: PassedWords { get }
}

extension ScriptApp {
    package static var targetUsage: String { "[<file>]" }
    package static var targetHelp: String {
        "The file to serve, then words that are passed on to \(title) unchanged; put flags after --. "
            + "Default: \(usualFile)."
    }

    package var isViewer: Bool { false }
    package var dataDirectory: String? { file }
    package var dataKind: String { "file" }

    var file: String { words.targets.first ?? Self.usualFile }
    /// The file, then the user's other words.
    var fileAndRest: [String] { [file] + words.all.dropFirst(words.targets.isEmpty ? 0 : 1) }
}
