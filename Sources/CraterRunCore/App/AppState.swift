/// The state of an app, by the same name in logs, status and metrics. docs/states.md has a diagram of the states, which
/// must agree with this type.
package enum AppState: String, CaseIterable, Sendable {
    /// The app waits for its ingress rule.
    case waiting
    /// The app is being launched, or runs and does not answer under its prefix yet.
    case starting
    case ready
    /// The app was ready, and no longer answers as it should.
    case unready
    /// The app was told to stop. It, or a process that it started, still runs.
    case stopping
    /// The app has ended, and is not started again by itself.
    case stopped
    /// Nobody had used the app for a while, so it was stopped. A visit starts it again.
    case asleep
    /// The app ended, or could not be started. The next attempt follows after a delay.
    case backingOff = "backing-off"
    /// The app was given up: it was restarted too often, its program cannot be started, or it is left out until a user
    /// starts it.
    case failed
}
