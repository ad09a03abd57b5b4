/// What happens to one app.
package enum AppEvent: Equatable, Sendable {
    /// The rule that the app is to be served by now; nil if it has none.
    case ruleChanged(IngressRule?)
    /// It was spawned; `pid` leads its process group and session.
    case launched(pid: Int32)
    case launchFailed(LaunchFailure)
    /// The launch under way has been waiting for the host for a while; `what` has not answered.
    case launchStalled(what: String)
    /// Do not start it before a user asks for it: supervisors before this one have hung while it was being started.
    case leftOut(reason: String)
    /// Its first process was killed because memory had run out. `exited` follows at once.
    case ranOutOfMemory(OutOfMemoryKill)
    /// Its processes listen at these ports alone, none of which is its own. `exited` follows at once.
    case foundElsewhere(ports: [UInt16])
    /// The last lines of its output, oldest first. `exited` follows at once.
    case lastWords([String])
    /// Its first process ended; that pid is not reaped before the effects of this event have been performed.
    case exited(ExitStatus)
    /// How many processes belong to it besides its first one.
    case surveyed(remaining: Int)
    case checked(CheckOutcome)
    /// Stop it for good. Everything is shut down if `isShutdown`, which has its own timeout.
    case stopRequested(isShutdown: Bool)
    /// Another app has a rule on the port that this one runs at without a rule of its own: make room.
    case portWanted(by: String)
    /// Start it, if it is not running: somebody asks for it.
    case startRequested
    /// Stop it and start it again, or start it.
    case restartRequested
    /// Skip the waiting: SIGKILL now.
    case killRequested
    /// A signal of the user's that is passed on to it.
    case forward(Signal)
    /// The time has come for whatever was due.
    case tick
}
