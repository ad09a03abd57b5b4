/// An event for one app.
package enum AppEvent: Equatable, Sendable {
    /// The app has this ingress rule from now on; nil if it has none.
    case ruleChanged(IngressRule?)
    /// The app's first process was spawned. It leads its process group and session. `listener`: where the app listens
    /// behind the front door; nil if the app listens at the rule's port.
    case launched(pid: Int32, behindDoorAt: DoorBackend? = nil)
    case launchFailed(LaunchFailure)
    /// The launch under way has been waiting for a while: `what`, such as a directory, does not answer.
    case launchStalled(what: String)
    /// Do not start the app before a user asks for it: earlier supervisors have hung while they were starting it.
    case leftOut(reason: String)
    /// The app's first process was killed because memory had run out. `exited` follows at once.
    case ranOutOfMemory(OutOfMemoryKill)
    /// The last lines of the app's output, oldest first. `exited` follows at once.
    case lastWords([String])
    /// The app's first process ended. Its pid is not reaped before the effects of this event have been performed.
    case exited(ExitStatus)
    /// The number of processes that belong to the app besides its first one.
    case surveyed(remaining: Int)
    case checked(CheckOutcome)
    /// Stop the app for good. `isShutdown`: everything is shut down, which has a timeout of its own.
    case stopRequested(isShutdown: Bool)
    /// Another app is served where the app is. Without a front door: the app has no rule any more, and still uses a port
    /// that the other's rule names. Behind a front door: the app's rule has got the address of the other. Give that up.
    case portWanted(by: String)
    /// A user asks to start the app, if it is not running.
    case startRequested
    /// A user asks to stop the app and start it again, or to start it if it is not running.
    case restartRequested
    /// Nobody has used the app for this long: stop it until somebody visits it.
    case sleepRequested(after: Duration)
    /// A person has used the app, or wants to. An app that sleeps is started again.
    case used
    /// Send SIGKILL now, without further waiting.
    case killRequested
    /// Pass on to the app a signal that the user sent.
    case forward(Signal)
    /// ``AppMachine/nextDeadline`` has come.
    case tick
}
