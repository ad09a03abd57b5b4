/// Something that an app's machine wants done. Effects are carried out in order.
package enum AppEffect: Equatable, Sendable {
    /// For the process that serves the app. The ``Supervisor`` holds a launch back until its port is free, and passes everything
    /// else on as it is.
    case act(AppAction)
    case log(LogEntry)
    /// The app has ended. More effects follow only after a later event.
    case ended(AppEnd)
}
