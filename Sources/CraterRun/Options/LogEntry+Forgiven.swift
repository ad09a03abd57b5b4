import CraterRunCore

extension LogEntry {
    /// An error about a setting that cannot be used and is left out, since the job and the apps must not suffer from
    /// it.
    static func forgiven(_ problem: String) -> LogEntry {
        LogEntry(.error, "\(problem); going on without it")
    }
}
