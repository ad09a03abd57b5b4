/// What a running supervisor says, or what a killed supervisor has left.
package enum SupervisorFacts: Equatable, Sendable {
    /// The supervisor was not asked, and the report has no line about it.
    case notAsked
    /// There is no supervisor.
    case none
    /// The socket or state file of a supervisor that was killed.
    case stale(path: String)
    /// A supervisor's process runs, but there is no sign of its control socket.
    case elsewhere(pid: Int32)
    /// A supervisor's process runs, but the place of its control socket cannot be trusted.
    case hidden(pid: Int32, reason: String)
    /// A supervisor runs, but does not answer as it should.
    case silent(reason: String)
    /// The supervisor's apps, by name; with a port if only the TCP port could be asked.
    case answers(apps: [String: ReportedApp], atPort: UInt16? = nil)

    /// What the supervisor says of its apps, by name; nil if no supervisor answers.
    package var apps: [String: ReportedApp]? { if case .answers(let apps, _) = self { apps } else { nil } }

    /// The supervisor's apps, as far as they are known.
    package var served: [String: ReportedApp] { apps ?? [:] }
}
