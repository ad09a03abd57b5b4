/// The known ingress rules, and what has been logged about the annotations file.
struct RulesKeeper: Sendable {
    /// The rules that were read last; nil before the first reading.
    private(set) var rules: IngressRules?
    /// Whether the annotations file was complete when the rules were read. After that, an incomplete file does not
    /// replace the rules.
    private(set) var isWhole = false
    /// How many readings have changed the rules.
    private(set) var reloads = 0
    /// What is wrong with the annotations file, or why it cannot be read; nil if nothing is wrong.
    private(set) var complaint: String?
    /// Why the file will never change; nil if it may.
    var neverChanges: String?
    /// The problems of the last reading. A problem that stays is logged once.
    private var saidProblems: Set<String> = []
    /// The failure that was logged last; nil after a reading that succeeded.
    private var saidFailure: String?

    /// Whether the file was read at least once, or an attempt has failed.
    var hasTried: Bool { rules != nil || complaint != nil }

    /// Takes rules that were read.
    ///
    /// - Parameter asksForJupyter: whether an app is Jupyter, for which the Pod's label matters.
    /// - Returns: whether the rules replace the known ones, and what to log.
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

    /// Takes a reading that failed.
    ///
    /// - Parameter message: what to log about the failure.
    /// - Returns: whether to log the message: it was not the last one.
    mutating func failed(_ failure: AnnotationsReadFailure, saying message: String) -> Bool {
        complaint = failure.summary
        defer { saidFailure = message }
        return message != saidFailure
    }

    /// An entry for each problem that the last reading did not have.
    private mutating func say(_ problems: [String]) -> [LogEntry] {
        let new = problems.filter { !saidProblems.contains($0) }
        saidProblems = Set(problems)
        return new.map { LogEntry(.warning, $0) }
    }
}
