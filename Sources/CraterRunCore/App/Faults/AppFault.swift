/// Why an app ended, found in the last lines of its output.
package struct AppFault: Equatable, Sendable {
    /// The line of the output that tells the cause.
    package let cause: String
    /// What the user can do; nil if no cure is known.
    package let cure: String?
    /// Whether the cause is an error or a known fault; if not, it is only the last line.
    let namesError: Bool
    /// Whether the last error is beyond doubt: it is among the last lines, and names an exception or begins with `ERROR`.
    let isPlain: Bool

    /// The longest cause, in characters; the rest of the line is cut off.
    private static let longest = 300
    /// How many of the last lines can report a fault without the name of an exception. A line before them counts only if
    /// it names an exception: a long text may follow it, such as the SQL statement that failed.
    private static let nearest = 10

    /// - Parameters:
    ///   - words: the last lines of the app's output, oldest first.
    ///   - app: the app's name.
    ///   - code: whose code the app runs.
    /// - Returns: nil if all lines are blank.
    package init?(lastWords words: [String], of app: String, code: AppCode = .program) {
        let lines = words.map(AppFault.trimmed).filter { !$0.isEmpty }
        guard let last = lines.last else { return nil }
        let near = lines.suffix(AppFault.nearest)
        // The last line of a Python traceback names the exception. Other lines may follow the traceback.
        let place = near.lastIndex(where: AppFault.isError) ?? lines.lastIndex(where: AppFault.isException)
        let error = place.map { lines[$0] }
        let isNear = place.map { $0 >= near.startIndex } ?? false
        // Lines before the last error may report faults that the app has survived. They count only if no line names an
        // error. A fault that is known by a line after the last error is the later one, and so the cause. But after an
        // exception, or an error that is known itself, only the cleaning up follows. An app may also have survived an
        // exception that is far up: a known fault below is more likely.
        let later = near.reversed().prefix { !AppFault.isError($0) }.filter { !$0.contains("Warning:") }
        let isException = error.map(AppFault.isException) ?? false
        let errors = error.map { [$0] } ?? []
        let candidates = !isNear ? later + errors : isException ? errors : errors + later
        let known = candidates.lazy.compactMap { line in
            KnownFault.cure(for: line, among: lines, of: app, code).map { (line: line, cure: $0) }
        }.first
        let text = known?.line ?? place.map { AppFault.withSource(lines[$0], after: lines[..<$0]) } ?? last
        cause = String(text.prefix(AppFault.longest))
        cure = known?.cure
        namesError = known != nil || isNear
        isPlain = isNear && (isException || error?.lowercased().hasPrefix("error") ?? false)
    }

    /// Cause and cure in one line, for a sentence that goes on or ends after them: without a full stop at the end.
    package var description: String {
        // Three dots are no full stop.
        let stem = cause.hasSuffix(".") && !cause.hasSuffix("..") ? String(cause.dropLast()) : cause
        guard let cure else { return stem }
        let isEnded = [".", "!", "?"].contains(where: stem.hasSuffix)
        return "\(stem)\(isEnded ? "" : ".") \(cure.prefix(1).uppercased())\(cure.dropFirst())"
    }

    /// The cause with 0 in the place of each number, so that two messages of the same cause are equal although their
    /// pids, times and addresses in memory differ, also in length.
    var signature: String {
        var text = ""
        var rest = Substring(cause)
        while let character = rest.first {
            let isHexadecimal = rest.hasPrefix("0x") || rest.hasPrefix("0X")
            if isHexadecimal || character.isNumber {
                rest = isHexadecimal ? rest.dropFirst(2).drop(while: \.isHexDigit) : rest.drop(while: \.isNumber)
                text.append("0")
            } else {
                rest.removeFirst()
                text.append(character)
            }
        }
        return text
    }

    /// Whether a line begins with the name of an exception.
    private static func isException(_ line: String) -> Bool {
        let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        let isWhole = name.count == line.count || line.dropFirst(name.count).first == ":"
        return isWhole && ["Error", "Exception", "Exit"].contains(where: name.hasSuffix)
    }

    /// Whether a line begins with the name of an exception, contains `error:`, or is Python's report that it cannot find
    /// the module to run.
    private static func isError(_ line: String) -> Bool {
        isException(line) || line.lowercased().contains("error:") || line.contains(": No module named ")
    }

    /// An error that Python found in a source file, with the file and the line: `app.py, line 3: SyntaxError: …`. Python
    /// writes them a few lines before the error, with the faulty code in between. Other errors stay as they are.
    private static func withSource(_ error: String, after lines: ArraySlice<String>) -> String {
        let kinds = ["SyntaxError", "IndentationError", "TabError"]
        let (start, middle) = ("File \"", "\", line ")
        guard kinds.contains(where: error.hasPrefix),
            let frame = lines.suffix(4).last(where: { $0.hasPrefix(start) }),
            let end = frame.firstRange(of: middle)
        else { return error }
        let file = frame[..<end.lowerBound].dropFirst(start.count)
        let line = frame[end.upperBound...]
        // Text that does not come from a file has a name such as <string>.
        guard !file.isEmpty, !file.hasPrefix("<"), !line.isEmpty, line.allSatisfy(\.isNumber) else { return error }
        return "\(file), line \(line): \(error)"
    }

    private static func trimmed(_ line: String) -> String {
        String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
