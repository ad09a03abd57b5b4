/// How an app ended that is not started again by itself.
package enum AppEnd: Equatable, Sendable {
    /// The app was asked to stop. `status`: nil if the app was not running. `byOurSignal`: the app was killed by its
    /// stop signal or by SIGKILL.
    case stopped(status: ExitStatus?, byOurSignal: Bool)
    /// The app ended by itself, and its restart policy does not start it again.
    case completed(ExitStatus)
    /// The app was given up. `exitCode`: crater-run's exit code if this is its only app.
    case failed(exitCode: Int32)
}
