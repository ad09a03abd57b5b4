/// Where an app is in its life. The same names everywhere: logs, status, metrics. Drawn in docs/states.md; keep both
/// the same.
package enum AppState: String, CaseIterable, Sendable {
    /// For its ingress rule.
    case waiting
    /// Spawned, and not yet answering under its prefix.
    case starting
    case ready
    /// It was ready, and no longer answers as it should.
    case unready
    /// Told to stop; it, or a process that it started, is still there.
    case stopping
    /// Ended, and not to be started again.
    case stopped
    /// It ended, or could not be started; the next attempt has its time.
    case backingOff = "backing-off"
    /// Given up: too many restarts, or nothing that could be started.
    case failed
}
