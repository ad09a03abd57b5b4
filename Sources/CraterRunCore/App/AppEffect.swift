/// Something that an app's ``AppMachine`` asks the ``Supervisor`` to do. The supervisor handles `log` and `ended`
/// itself, and may hold a `launch` until another app gives up the port. The supervisor passes the other effects on as
/// an ``AppAction``.
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
