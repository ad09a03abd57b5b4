/// What is known of the ingress rules, and what was said about the annotations file.
struct RulesKeeper: Sendable {
    /// The rules that were last read.
    private(set) var rules: IngressRules?
    /// Whether the annotations file was once whole: from then on nothing less replaces what was read.
    private(set) var isWhole = false
    /// How often a reading brought other rules than the one before it.
    private(set) var reloads = 0
    /// What is wrong with the annotations file, or why it cannot be read.
    private(set) var complaint: String?
    /// Why the file will stay as it is, if it will.
    var neverChanges: String?
    /// The problems of the last reading, so that each is said once.
    private var saidProblems: Set<String> = []
    /// The failure that was last said, until a reading comes off.
    private var saidFailure: String?

    /// Whether the file was read at least once, or could not be read.
    var hasTried: Bool { rules != nil || complaint != nil }

    /// Takes rules in.
    ///
    /// - Parameter asksForJupyter: whether the Pod's label matters.
    /// - Returns: whether they replace what was known, and what is to be said.
    mutating func take(
        _ new: IngressRules, complaints: [String], asksForJupyter: Bool
    ) -> (isTaken: Bool, said: [LogEntry]) {
        complaint = complaints.first
        if isWhole, !complaints.isEmpty {
            return (false, say(complaints + ["the annotations file is incomplete; the rules stay as they were"]))
        }
        isWhole = complaints.isEmpty
        saidFailure = nil
        if let rules, rules != new { reloads += 1 }
        rules = new
        return (true, say(complaints + new.problems(asksForJupyter: asksForJupyter).map(\.message)))
    }

    /// The file could not be read.
    ///
    /// - Parameter message: what there is to say of that.
    /// - Returns: whether it is to be said, since it is news.
    mutating func failed(_ failure: AnnotationsReadFailure, saying message: String) -> Bool {
        complaint = failure.summary
        defer { saidFailure = message }
        return message != saidFailure
    }

    /// One line for each problem that the last reading did not have.
    private mutating func say(_ problems: [String]) -> [LogEntry] {
        let new = problems.filter { !saidProblems.contains($0) }
        saidProblems = Set(problems)
        return new.map { LogEntry(.warning, $0) }
    }
}
