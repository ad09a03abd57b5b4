/// Everything that a supervisor shows.
package struct SupervisorSnapshot: Equatable, Sendable {
    package let identity: SupervisorIdentity
    package let report: SupervisorReport
    /// Processes that came to it as their parents ended, and that it has reaped.
    package let orphansReaped: Int

    package init(identity: SupervisorIdentity, report: SupervisorReport, orphansReaped: Int = 0) {
        self.identity = identity
        self.report = report
        self.orphansReaped = orphansReaped
    }
}
