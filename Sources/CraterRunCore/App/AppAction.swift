/// Something that the process that serves an app does for the app, as the supervisor decides. Actions are performed in order.
package enum AppAction: Equatable, Sendable {
    /// Start the app for this rule. Answer with `launched` or `launchFailed` once that is known; a slow host may take
    /// long.
    case launch(IngressRule)
    /// Cancel the launch under way. No answer to it may follow, and no process of the launch may go on.
    case abandonLaunch
    case signal(Signal, SignalScope)
    /// Count the processes that belong to the app besides its first one, and answer with `surveyed`.
    case survey
    /// Request the app's readiness path, and answer with `checked`. `attributing`: find out whether the listener is the
    /// app's.
    case check(Backend, attributing: Bool)
    /// Cancel the check under way. No answer to it may follow.
    case abandonCheck
    /// Read the files that the app has written about itself, and log how to open the app.
    case readBack(ServingPlace)
    /// Find out whether the app is at work although nobody uses it, and answer with
    /// ``SupervisorEvent/activity(app:number:_:)`` and the same number.
    case findActivity(ServingPlace, number: UInt64)
    /// Log what the user loses when the app ends, such as Jupyter's kernels.
    case tellLosses
    /// Hold back the app's output from now on.
    case holdOutput
    /// Pass on the output that was held back, and stop holding it back.
    case releaseOutput
    /// Throw away the output that was held back, and stop holding it back.
    case dropOutput
    /// Repeat the last lines of the app's output in the log.
    case reportOutput
    /// Answer with the last lines of the app's output (``SupervisorEvent/output(app:_:)``), for the front door's page.
    case readOutput
}
