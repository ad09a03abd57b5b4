internal import CLinux
package import CraterRunCore
internal import Glibc

/// The signal mask and dispositions that crater-run was started with. Children get exactly these, so that a program
/// runs as if crater-run had not started it.
///
/// They are recorded before anything else runs, while the process has a single thread.
package struct InheritedSignals: Sendable {
    /// The mask at crater-run's start (SigBlk in /proc/self/status).
    let blocked: sigset_t
    /// The signals that were ignored (SigIgn): bit 0 is signal 1.
    let ignored: UInt64

    /// Records the state, then blocks every signal: each signal waits for the ``SignalQueue``, and none can kill the
    /// process or interrupt a call. If the process is PID 1, a signal that is neither blocked nor handled would get
    /// lost.
    package static func recordAndBlockAll() -> InheritedSignals {
        var blocked = sigset_t()
        // The call fails only for a bad argument.
        _ = clinux_block_all(&blocked)
        var ignored: UInt64 = 0
        for signal: Int32 in 1...64 where clinux_is_ignored(signal) == 1 { ignored |= bit(of: signal) }
        // While SIGCHLD is ignored the kernel reaps children by itself, and their statuses are lost (waitpid(2)).
        if ignored & bit(of: SIGCHLD) != 0 { _ = clinux_set_ignored(SIGCHLD, 0) }
        return InheritedSignals(blocked: blocked, ignored: ignored)
    }

    /// Restores the mask and the dispositions, for a command that supervises nothing.
    package func restore() {
        if ignores(.child) { _ = clinux_set_ignored(SIGCHLD, 1) }
        var mask = blocked
        _ = clinux_set_mask(&mask)
    }

    /// Stops the process as a terminal's Ctrl-Z does, until SIGCONT comes. The kernel discards the stop signal if
    /// nobody could continue the process (an orphaned process group).
    ///
    /// - Parameters:
    ///   - signal: SIGTSTP, SIGTTIN or SIGTTOU. A shell tells its user which one it was.
    ///   - group: whether our whole process group is stopped, as a terminal does it.
    /// - Returns: whether the process was stopped. If so, the SIGCONT that continued it has not been read yet.
    @discardableResult
    static func stopAsByTerminal(_ signal: Signal = .terminalStop, group: Bool = false) -> Bool {
        var stop = sigset_t()
        clinux_sigset_add(&stop, signal.number)
        pthread_sigmask(SIG_UNBLOCK, &stop, nil)
        kill(group ? 0 : getpid(), signal.number)
        pthread_sigmask(SIG_BLOCK, &stop, nil)
        // A stop signal removes a pending SIGCONT (signal(7)), so a SIGCONT that is pending now came after the stop.
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGCONT) == 1
    }

    /// Whether the signal was ignored when crater-run was started (by nohup, or in a shell's background job).
    /// crater-run then ignores it too.
    package func ignores(_ signal: Signal) -> Bool {
        ignored & InheritedSignals.bit(of: signal.number) != 0
    }

    /// The bit of a signal in the kernel's masks; 0 if the number is not a signal's.
    static func bit(of signal: Int32) -> UInt64 { (1...64).contains(signal) ? 1 << UInt64(signal - 1) : 0 }
}
