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

/// The host grants us no further process.
package enum ProcessRefusal: Equatable, Sendable {
    /// It may grant one soon: a limit, or memory that is scarce.
    case forNow
    /// It forbids us one of the calls that it takes.
    case forGood
}

/// Which process group is in the foreground of the terminal that controls us.
package enum TerminalOwner: Equatable, Sendable {
    /// There is no terminal.
    case nobody
    case job
    case ourselves
    /// We are in the background.
    case others
}

/// What is to be done, in order.
package enum InitEffect: Equatable, Sendable {
    /// The same, without giving it the terminal.
    case launchJobInBackground
    /// Start the job, and answer with `jobForked` or `jobLaunchFailed` before any other event.
    case launchJob
    /// Become the job (execve(2)); end with 126 or 127 if that fails.
    case becomeJob
    /// Start the supervisor for the n-th time, from 1, and answer with `supervisorLaunched` or `supervisorLaunchFailed`
    /// before any other event. `afterHangs`: so many in a row before it ended because they hung; 0 for less than two.
    case launchSupervisor(attempt: Int, afterHangs: Int = 0)
    /// To its first process, or to its process group.
    case signalJob(Signal, group: Bool)
    case signalSupervisor(Signal)
    /// SIGKILL to the supervisor and everything below it.
    case killSupervisor
    /// Count what is below us besides the supervisor and what is below it, and answer with `surveyed`.
    case survey
    /// To those that were counted last.
    case signalLeftOvers(Signal)
    /// SIGKILL to everything below us.
    case killAll
    /// The job's process group becomes the terminal's foreground one, if it is ours now.
    case giveTerminal
    /// Our process group becomes the foreground one again, if we gave that away.
    case takeTerminal
    /// Stop ourselves until SIGCONT, as this signal of a terminal does; answer with `suspendDiscarded` if that has no effect.
    case suspend(by: Signal)
    case log(LogEntry)
    /// End with this exit code, and everything below us with us; nothing follows.
    case exit(Int32)
}
