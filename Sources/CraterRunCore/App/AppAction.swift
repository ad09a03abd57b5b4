/// What the process that serves an app does for the app, at the supervisor's word. Performed in order.
package enum AppAction: Equatable, Sendable {
    /// Start the app for this rule, and answer with `launched` or `launchFailed` when that is known: the host may take its time.
    case launch(IngressRule)
    /// Forget the launch under way; no answer to it may come any more, and no process of it may go on.
    case abandonLaunch
    case signal(Signal, SignalScope)
    /// Count what is left of the app besides its first process, and answer with `surveyed`.
    case survey
    /// Ask the app at its readiness path, and answer with `checked`. With `attributing`, find out whose listener answers.
    case check(Backend, attributing: Bool)
    /// Forget the check under way; no answer to it may come any more.
    case abandonCheck
    /// Read back what the app has written about itself, and tell how to open it.
    case readBack(ServingPlace)
    /// Tell what of the user's ends with the app.
    case tellLosses
    /// Repeat the last lines of the app's output in the log.
    case reportOutput
}
