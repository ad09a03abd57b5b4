/// What happens to a supervisor. Apps are told apart by name.
package enum SupervisorEvent: Equatable, Sendable {
    /// The reactor turns for the first time.
    case started
    case rules(RulesReading)
    /// The annotations file will stay as it is, whatever becomes of the annotations: why, in a sentence.
    case rulesNeverChange(String)
    /// A signal was sent to crater-run.
    case signal(Signal)
    case app(String, AppEvent)
    /// The answer to ``SupervisorEffect/checkPort(_:)``, with the rule's name.
    case portChecked(rule: String, PortFinding)
    /// How many processes are left of a supervisor before this one.
    case predecessors(remaining: Int)
    /// The init role has ended, whatever the reason.
    case initIsGone
    /// A user who may do so asks for something. Answered by ``SupervisorEffect/answer(_:to:)`` with the same number.
    case command(ControlCommand, number: UInt64)
    /// ``Supervisor/nextDeadline`` has come.
    case tick
}
