/// Something that the init role has to do. Effects are performed in order.
package enum InitEffect: Equatable, Sendable {
    /// The same as `launchJob`, without giving the job the terminal.
    case launchJobInBackground
    /// Start the job, and answer with `jobForked` or `jobLaunchFailed` before any other event.
    case launchJob
    /// Become the job (execve(2)); end with 126 or 127 if that fails.
    case becomeJob
    /// Start the supervisor for the n-th time, from 1, and answer with `supervisorLaunched` or `supervisorLaunchFailed`
    /// before any other event. `afterHangs`: how many supervisors in a row have just ended because they hung; 0 for
    /// less than two.
    case launchSupervisor(attempt: Int, afterHangs: Int = 0)
    /// Send the signal to the job's first process, or to its process group.
    case signalJob(Signal, group: Bool)
    case signalSupervisor(Signal)
    /// Tell the supervisor, and each one after it, how the job ended.
    case tellSupervisor(JobEnd)
    /// Send SIGKILL to the supervisor and all its descendants.
    case killSupervisor
    /// Count our descendants without the supervisor and its descendants, and answer with `surveyed`.
    case survey
    /// Send the signal to the processes that were counted last.
    case signalLeftOvers(Signal)
    /// Send SIGKILL to all our descendants.
    case killAll
    /// Make the job's process group the terminal's foreground process group, if ours is that now.
    case giveTerminal
    /// Make our process group the foreground process group again, if we gave that to the job.
    case takeTerminal
    /// Stop ourselves until SIGCONT, as this signal of a terminal does; answer with `suspendDiscarded` if that has no
    /// effect.
    case suspend(by: Signal)
    case log(LogEntry)
    /// End with this exit code, and end all our descendants; no effect follows.
    case exit(Int32)
}
