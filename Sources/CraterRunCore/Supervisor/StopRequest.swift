/// A request to a supervisor to end.
struct StopRequest: Sendable {
    /// A second signal with the same number within this time only repeats the request, and does not show impatience.
    static let echo = Duration.milliseconds(100)

    /// The signal that asked; SIGTERM if the request was not a signal.
    let signal: Signal
    let at: MonotonicInstant

    /// The exit code of a process that ends because of the request.
    var exitCode: Int32 { 128 + signal.number }

    /// Whether another signal asks to skip the waiting.
    func isUrged(by next: Signal, at now: MonotonicInstant) -> Bool {
        // timeout(1) and others send one signal twice: to the process and to its group. A terminal that closes sends
        // SIGHUP both itself and through its shell.
        let isEcho = next == signal && at.duration(to: now) < StopRequest.echo
        return !isEcho && next != .hangup
    }
}
