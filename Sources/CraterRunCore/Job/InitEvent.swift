/// What happens to the init role.
package enum InitEvent: Equatable, Sendable {
    /// The reactor turns for the first time.
    case started
    /// The job's process is there. `jobLaunched` or `jobLaunchFailed` tells what became of its program, at once or, where a file
    /// system does not answer, much later.
    case jobForked
    /// The process that was to become the job could not have the terminal, and has ended.
    case jobLostTerminal
    /// The job's program was executed.
    case jobLaunched
    /// There is no process. `refusal`: it was for want of one, and not because of the program.
    case jobLaunchFailed(LaunchFailure, refusal: ProcessRefusal? = nil)
    /// The job was stopped, and whose the terminal was then.
    case jobStopped(by: Signal, terminal: TerminalOwner)
    case jobContinued
    /// Its first process ended; that pid is not reaped before the effects of this event have been performed.
    case jobEnded(ExitStatus)
    /// The supervisor's process is there; `supervisorLaunchFailed` tells if its program cannot be executed.
    case supervisorLaunched
    case supervisorLaunchFailed(String)
    case supervisorEnded(ExitStatus)
    /// Everything that has ended by now has been reaped.
    case settled
    /// How many processes of ours there are besides the supervisor's.
    case surveyed(leftOvers: Int)
    /// A signal was sent to crater-run. `isIgnored`: it was ignored at our start, so it asks nothing of us.
    case signal(Signal, isIgnored: Bool)
    /// ``InitEffect/suspend(by:)`` did not stop us: nobody could have continued us.
    case suspendDiscarded
    /// The time has come for whatever was due.
    case tick
}
