/// The job beside which the apps run.
package struct HomeJob: Equatable, Sendable {
    /// The command line, shortened to what fits into some lines of a page.
    package var command: String
    package var startedAt: WallTime
    /// The exit code, 128 + N for a signal N; nil while the job runs.
    package var exitCode: Int32?
    /// Nil while the job runs.
    package var endedAt: WallTime?

    package init(command: String, startedAt: WallTime, exitCode: Int32? = nil, endedAt: WallTime? = nil) {
        self.command = command
        self.startedAt = startedAt
        self.exitCode = exitCode
        self.endedAt = endedAt
    }
}
