/// An event for the init role.
package enum InitEvent: Equatable, Sendable {
    /// The reactor's first turn.
    case started
    /// The job's process exists. `jobLaunched` or `jobLaunchFailed` says whether its program was executed: at once, or
    /// much later if a file system does not answer.
    case jobForked
    /// The process that was to become the job could not get the terminal, and has ended.
    case jobLostTerminal
    /// The job's program was executed.
    case jobLaunched
    /// There is no job process. `refusal`: the host granted no process, and the program is not at fault.
    case jobLaunchFailed(LaunchFailure, refusal: ProcessRefusal? = nil)
    /// The job was stopped. `terminal`: who owned the terminal then.
    case jobStopped(by: Signal, terminal: TerminalOwner)
    case jobContinued
    /// The job's first process ended. Its pid is not reaped before the effects of this event have been performed.
    case jobEnded(ExitStatus)
    /// The supervisor's process exists; `supervisorLaunchFailed` follows if its program cannot be executed.
    case supervisorLaunched
    case supervisorLaunchFailed(String)
    case supervisorEnded(ExitStatus)
    /// Every process that has ended by now has been reaped.
    case settled
    /// The number of our descendants, without the supervisor and its descendants.
    case surveyed(leftOvers: Int)
    /// A signal was sent to crater-run. `isIgnored`: crater-run was started with the signal ignored, so the signal asks
    /// nothing of us.
    case signal(Signal, isIgnored: Bool)
    /// ``InitEffect/suspend(by:)`` did not stop us: no process could have continued us.
    case suspendDiscarded
    /// The time of a deadline has come.
    case tick
}
