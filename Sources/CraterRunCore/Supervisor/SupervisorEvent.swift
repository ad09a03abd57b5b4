/// An event for a supervisor. Apps are identified by name.
package enum SupervisorEvent: Equatable, Sendable {
    /// The reactor's first turn.
    case started
    case rules(RulesReading)
    /// The annotations file will never change, even if the annotations do. The text says why, in a sentence.
    case rulesNeverChange(String)
    /// A signal was sent to crater-run.
    case signal(Signal)
    case app(String, AppEvent)
    case door(DoorEvent)
    /// The key of the front door's login for an app: known from the app's first launch on, or in answer to `readLogin`.
    case login(app: String, LoginKey)
    /// The key of the home page's login: the answer to ``SupervisorEffect/readHomeLogin``.
    case homeLogin(LoginKey)
    /// The key of the home page's login cannot be read: the other answer.
    case homeLoginFailed(LaunchFailure)
    /// The last lines of an app's output, oldest first: the answer to ``AppAction/readOutput``.
    case output(app: String, [String])
    /// Whether an app is at work: the answer to ``AppAction/findActivity(_:number:)``.
    case activity(app: String, number: UInt64, AppActivity)
    /// The link that opens an app with the app's own secret, as the running process has it.
    case entrance(app: String, link: String)
    /// The names of the offered apps whose program is there: the answer to ``SupervisorEffect/findOffers``.
    case offers(installed: Set<String>)
    /// The answer to ``SupervisorEffect/checkPort(_:)``, with the rule's name.
    case portChecked(rule: String, PortFinding)
    /// The number of processes that are left of an earlier supervisor.
    case predecessors(remaining: Int)
    /// The job has ended, and the apps go on for a while.
    case jobEnded(JobEnd)
    /// The init role has ended, whatever the reason.
    case initIsGone
    /// A command from a user who may give it. The answer is ``SupervisorEffect/answer(_:to:)`` with the same number.
    case command(ControlCommand, number: UInt64)
    /// ``Supervisor/nextDeadline`` has come.
    case tick
}
