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
