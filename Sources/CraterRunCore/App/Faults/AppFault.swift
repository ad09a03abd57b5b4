/// Why an app ended, as its last lines tell.
package struct AppFault: Equatable, Sendable {
    /// The line that says why.
    package let cause: String
    /// What the user can do; nil if that is not known.
    package let cure: String?

    /// Longer causes are cut.
    private static let longest = 300

    /// - Parameters:
    ///   - words: the last lines of the app's output, oldest first.
    ///   - app: the app's name.
    /// - Returns: nil if the lines say nothing.
    package init?(lastWords words: [String], of app: String) {
        let lines = words.map(AppFault.trimmed).filter { !$0.isEmpty }
        guard let last = lines.last else { return nil }
        let known = lines.reversed().lazy.compactMap { line in
            KnownFault.cure(for: line, of: app).map { (line: line, cure: $0) }
        }.first
        // Python says why in the last line of a traceback, and may say more below.
        let error = lines.last(where: AppFault.isError)
        cause = String((known?.line ?? error ?? last).prefix(AppFault.longest))
        cure = known?.cure
    }

    /// Cause and cure in one line.
    package var description: String { cause + (cure.map { ". \($0)" } ?? "") }

    /// What two ends have in common that have the same cause: numbers, such as pids and times, are different each time.
    var signature: String { String(cause.map { $0.isNumber ? "0" : $0 }) }

    /// Whether a line begins with an exception's name, or says that it is an error.
    private static func isError(_ line: String) -> Bool {
        let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        let isWhole = name.count == line.count || line.dropFirst(name.count).first == ":"
        let isException = isWhole && ["Error", "Exception", "Exit"].contains(where: name.hasSuffix)
        return isException || line.lowercased().contains("error:")
    }

    private static func trimmed(_ line: String) -> String {
        String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
