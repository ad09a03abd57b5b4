/// What looks after apps: a state machine that the reactor feeds with events and whose effects it performs.
package protocol AppsSupervisor: Sendable {
    /// When the next ``Event/tick`` is due; nil if nothing is.
    var nextDeadline: Instant? { get }
    /// Whether no app has a process, so that nothing but a change of the rules or a signal will happen.
    var isIdle: Bool { get }
    /// How everything stands, for those who ask.
    var report: SupervisorReport { get }

    /// What happened, and what is to be done, in order.
    mutating func handle(_ event: Event, at now: Instant) -> [Effect]
}

/// What a look at the annotations file brought.
package enum RulesReading: Equatable, Sendable {
    /// The rules, and what is wrong with the file around them: not empty if it may be incomplete.
    case read(IngressRules, complaints: [String])
    case failed(AnnotationsReadFailure)
}

/// What happens to a supervisor. Apps are told apart by name.
package enum Event: Equatable, Sendable {
    /// The reactor turns for the first time.
    case started
    case rules(RulesReading)
    /// The annotations file will stay as it is, whatever becomes of the annotations: why, in a sentence.
    case rulesNeverChange(String)
    /// A signal was sent to crater-run.
    case signal(Signal)
    case app(String, AppEvent)
    /// Somebody listens at the port of this rule, or nobody does.
    case portLooked(rule: String, PortLook)
    /// How many processes are left of a supervisor before this one.
    case predecessors(remaining: Int)
    /// The init role has ended, whatever the reason.
    case initIsGone
    /// Somebody who may asks for something; answered by ``Effect/answer(_:to:)`` with the same number.
    case command(ControlCommand, number: UInt64)
    /// The time has come for whatever was due.
    case tick
}

/// What a user can ask a running supervisor to do.
package enum ControlCommand: Equatable, Sendable {
    case start(app: String)
    case stop(app: String)
    case restart(app: String)
    /// Serve one more app, until the supervisor ends.
    case serve(AppDefinition)
}

/// What becomes of a command.
package enum ControlAnswer: Equatable, Sendable {
    /// It is being done; `message` says what, beginning with the app's name.
    case accepted(app: String, message: String)
    /// There is no such app; there are these.
    case unknown(names: [String])
    case refused(reason: String)
}

/// Whether a port can be had.
package enum PortLook: Equatable, Sendable {
    case free
    /// Taken; `holder` names by whom if that can be known.
    case taken(holder: String?)
}

/// What is to be done, in order.
package enum Effect: Equatable, Sendable {
    case app(String, AppEffect)
    /// From now on there is an app of this name.
    case open(app: String, AppDefinition)
    /// The app of this name is no more.
    case close(app: String)
    /// Look whether somebody listens at the rule's port, and answer with `portLooked`.
    case lookAtPort(IngressRule)
    /// Send each process that a supervisor before this one left behind its app's stop signal: by app name, SIGTERM to those
    /// of other names.
    case stopPredecessors([String: Signal])
    case killPredecessors
    /// Count them, and answer with `predecessors`.
    case surveyPredecessors
    case log(LogEntry)
    /// What became of the command of this number.
    case answer(ControlAnswer, to: UInt64)
    /// Stop ourselves as SIGTSTP does, until SIGCONT.
    case suspend
    /// End with this exit code; nothing follows.
    case exit(Int32)
}
