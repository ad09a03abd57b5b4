/// What is to be done for a supervisor, in order.
package enum SupervisorEffect: Equatable, Sendable {
    case app(String, AppAction)
    /// From now on there is an app of this name.
    case open(app: String, AppDefinition)
    /// The app of this name is no more.
    case close(app: String)
    /// Find out whether somebody listens at the rule's port, and answer with `portChecked`.
    case checkPort(IngressRule)
    /// Send its app's stop signal to each process that a supervisor before this one left behind: the signals are by app name,
    /// processes of other apps get SIGTERM.
    case stopPredecessors([String: Signal])
    case killPredecessors
    /// Count the processes that are left, and answer with `predecessors`.
    case surveyPredecessors
    case log(LogEntry)
    /// What became of the command of this number.
    case answer(ControlAnswer, to: UInt64)
    /// Stop crater-run itself as SIGTSTP does, until SIGCONT.
    case suspend
    /// End with this exit code; nothing follows.
    case exit(Int32)
}
