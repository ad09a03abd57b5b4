/// What an app's machine wants done. The ``Supervisor`` holds launches back, and follows the ends itself; the rest it passes on
/// as an ``AppAction``.
package enum AppEffect: Equatable, Sendable {
    case launch(IngressRule)
    case abandonLaunch
    case signal(Signal, SignalScope)
    case survey
    case check(Backend, attributing: Bool)
    case abandonCheck
    case log(LogEntry)
    case readBack(ServingPlace)
    case tellLosses
    case reportOutput
    /// The app has ended. More effects follow only after a later event.
    case ended(AppEnd)
}
