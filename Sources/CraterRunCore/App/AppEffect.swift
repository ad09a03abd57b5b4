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
    case check(Backend, attributing: Bool)
    /// Forget the check under way; no answer to it may come any more.
    case abandonCheck
    case log(LogEntry)
    /// Read back what it has written about itself, and tell how to open it.
    case readBack(ServingPlace)
    /// Tell what of the user's ends with it.
    case tellLosses
    /// Keep back what it writes from now on.
    case holdOutput
    /// Pass on what was kept back, and what it writes from now on.
    case releaseOutput
    /// Forget what was kept back, and pass on what it writes from now on.
    case dropOutput
    /// Repeat the last lines of its output in the log.
    case reportOutput
    /// It has come to its end: no more effects follow but those of a later rule or stop.
    case ended(AppEnd)
}
