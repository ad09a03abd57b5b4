/// Everything that a supervisor shows in probes and in status.
package struct SupervisorSnapshot: Equatable, Sendable {
    package let identity: SupervisorIdentity
    package let report: SupervisorReport
    /// How many processes the supervisor has reaped that became its children when their parents ended.
    package let orphansReaped: Int

    package init(identity: SupervisorIdentity, report: SupervisorReport, orphansReaped: Int = 0) {
        self.identity = identity
        self.report = report
        self.orphansReaped = orphansReaped
    }
}
