import CraterRunCore

extension LogEntry {
    /// Something that is wrong, and done without: the job and the apps must not suffer from it.
    static func forgiven(_ problem: String) -> LogEntry {
        LogEntry(.error, "\(problem); going on without it")
    }
}
