/// What a running supervisor says, or what one left that no longer runs.
package enum SupervisorLook: Equatable, Sendable {
    /// It was not asked: no line is made of it.
    case notAsked
    /// There is none.
    case none
    /// The socket or state file of one that was killed.
    case stale(path: String)
    /// There is a process of one, and no sign of its control socket.
    case elsewhere(pid: Int32)
    /// It is there, and where its control socket may be cannot be trusted.
    case hidden(pid: Int32, reason: String)
    /// It is there, and does not answer as it should.
    case silent(reason: String)
    /// What it says of its apps, by name; with a port, where that is all that could be asked.
    case answers(apps: [String: ReportedApp], atPort: UInt16? = nil)

    /// What it says of its apps; nil where none answers.
    package var apps: [String: ReportedApp]? { if case .answers(let apps, _) = self { apps } else { nil } }

    /// The apps that it has, as far as that is known.
    package var served: [String: ReportedApp] { apps ?? [:] }
}
