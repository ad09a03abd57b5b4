/// What has asked a supervisor to end, and when.
struct StopRequest: Sendable {
    /// Within this time a second signal of the same kind is the same request once more, and no impatience.
    static let echo = Duration.milliseconds(100)

    /// The signal that asked; SIGTERM where the request came in another way.
    let signal: Signal
    let at: MonotonicInstant

    /// The exit code of whoever ends because of the request.
    var exitCode: Int32 { 128 + signal.number }

    /// Whether another signal asks to skip the waiting.
    func isUrged(by next: Signal, at now: MonotonicInstant) -> Bool {
        // timeout(1) and others send one signal twice: to the process and to its group. A terminal that closes sends SIGHUP
        // itself and through its shell.
        let isEcho = next == signal && at.duration(to: now) < StopRequest.echo
        return !isEcho && next != .hangup
    }
}
