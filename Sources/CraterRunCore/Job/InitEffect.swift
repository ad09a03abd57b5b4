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
