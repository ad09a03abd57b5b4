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

/// Which processes of an app a signal goes to.
package enum SignalScope: Equatable, Sendable {
    /// The process that was spawned, alone.
    case leader
    /// Its process group.
    case group
    /// Everything that belongs to the app.
    case tree
}

/// What is to be done for one app. Performed in order, elsewhere.
package enum AppEffect: Equatable, Sendable {
    /// Start it for this rule, and answer with `launched` or `launchFailed` when that is known: the host may take its time.
    case launch(IngressRule)
    /// Forget the launch under way; no answer to it may come any more, and no process of it may go on.
    case abandonLaunch
    case signal(Signal, SignalScope)
    /// Count what is left of it besides its first process, and answer with `surveyed`.
    case survey
    /// Ask it at its readiness path, and answer with `checked`. With `attributing`, look whose listener answers.
    case check(IngressRule, attributing: Bool)
    /// Forget the check under way; no answer to it may come any more.
    case abandonCheck
    case log(LogEntry)
    /// Read back what it has written about itself, and tell how to open it.
    case readBack(IngressRule)
    /// Tell what of the user's ends with it.
    case tellLosses
    /// Repeat the last lines of its output in the log.
    case reportOutput
    /// It has come to its end: no more effects follow but those of a later rule or stop.
    case ended(AppEnd)
}

/// How an app came to its end.
package enum AppEnd: Equatable, Sendable {
    /// Stopped because it was asked to. `status` is nil if it was not running; `byOurSignal` if the signal that ended it
    /// was ours.
    case stopped(status: ExitStatus?, byOurSignal: Bool)
    /// It ended by itself, and its restart policy says that this is all.
    case completed(ExitStatus)
    /// Given up, with the exit code that says why.
    case failed(exitCode: Int32)
}
