/// Something that the caller has to do for a supervisor. Effects are performed in order.
package enum SupervisorEffect: Equatable, Sendable {
    case app(String, AppAction)
    /// An app with this name exists from now on.
    case open(app: String, AppDefinition)
    /// The app with this name no longer exists.
    case close(app: String)
    /// Read the key of the app's login, and answer with `login`. If the key cannot be read, there is no answer: the
    /// launch will fail for the same reason.
    case readLogin(app: String)
    /// Read the key of the home page's login, and answer with `homeLogin` or `homeLoginFailed`.
    case readHomeLogin
    /// Find out which of the apps that the home page offers are there, and answer with `offers`.
    case findOffers
    /// Find out whether a process listens at the rule's port, and answer with `portChecked`.
    case checkPort(IngressRule)
    /// Send the stop signal of its app to each process that an earlier supervisor left behind. The dictionary has the
    /// signals by app name; processes of other apps get SIGTERM.
    case stopPredecessors([String: Signal])
    case killPredecessors
    /// Count the processes that are left of an earlier supervisor, and answer with `predecessors`.
    case surveyPredecessors
    case door(DoorAction)
    case log(LogEntry)
    /// Answer the command with this number.
    case answer(ControlAnswer, to: UInt64)
    /// Stop crater-run itself as SIGTSTP does, until SIGCONT.
    case suspend
    /// End crater-run with this exit code; no effect follows.
    case exit(Int32)
}

extension SupervisorEffect {
    var isExit: Bool { if case .exit = self { true } else { false } }
}
