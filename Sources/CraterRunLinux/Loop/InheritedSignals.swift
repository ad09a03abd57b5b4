internal import CLinux
package import CraterRunCore
internal import Glibc

/// The signal mask and dispositions that crater-run was started with. Children get exactly these: a program must not see
/// that it was started by us.
///
/// Recorded before anything else runs, by the only thread there is.
package struct InheritedSignals: Sendable {
    /// The mask as it was (SigBlk in /proc/self/status).
    let blocked: sigset_t
    /// The signals that were ignored (SigIgn): bit 0 is signal 1.
    let ignored: UInt64

    /// Records the state, then blocks every signal, so that each one waits for the ``SignalQueue``, and none can kill or
    /// interrupt. As PID 1, a signal that is neither blocked nor handled would get lost.
    package static func recordAndBlockAll() -> InheritedSignals {
        var blocked = sigset_t()
        // Can only fail for a bad argument.
        _ = clinux_block_all(&blocked)
        var ignored: UInt64 = 0
        for signal: Int32 in 1...64 where clinux_is_ignored(signal) == 1 { ignored |= bit(of: signal) }
        // While SIGCHLD is ignored the kernel reaps children by itself, and their statuses are lost (waitpid(2)).
        if ignored & bit(of: SIGCHLD) != 0 { _ = clinux_set_ignored(SIGCHLD, 0) }
        return InheritedSignals(blocked: blocked, ignored: ignored)
    }

    /// Puts everything back, for a command that supervises nothing.
    package func restore() {
        if ignores(.child) { _ = clinux_set_ignored(SIGCHLD, 1) }
        var mask = blocked
        _ = clinux_set_mask(&mask)
    }

    /// Stops the process as a terminal's Ctrl-Z does, until SIGCONT; the kernel discards it where nobody could continue us
    /// (an orphaned process group).
    ///
    /// - Parameters:
    ///   - signal: SIGTSTP, SIGTTIN or SIGTTOU: which one, a shell tells its user.
    ///   - group: everything in our process group is stopped with us, as the terminal would do it.
    /// - Returns: whether it stopped us: then the SIGCONT that ended it is yet to be read.
    @discardableResult
    static func stopAsByTerminal(_ signal: Signal = .terminalStop, group: Bool = false) -> Bool {
        var stop = sigset_t()
        clinux_sigset_add(&stop, signal.number)
        pthread_sigmask(SIG_UNBLOCK, &stop, nil)
        kill(group ? 0 : getpid(), signal.number)
        pthread_sigmask(SIG_BLOCK, &stop, nil)
        // A stop takes a SIGCONT that was pending before it away (signal(7)), so this one came after it.
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGCONT) == 1
    }

    /// Whether the signal was ignored when we were started (nohup, a shell's background job): then it is ignored still.
    package func ignores(_ signal: Signal) -> Bool {
        ignored & InheritedSignals.bit(of: signal.number) != 0
    }

    /// The place of a signal in a mask as the kernel has it; no bit for what is no signal.
    static func bit(of signal: Int32) -> UInt64 { (1...64).contains(signal) ? 1 << UInt64(signal - 1) : 0 }
}
