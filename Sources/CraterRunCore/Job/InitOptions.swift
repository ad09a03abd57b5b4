/// How the init role looks after the job.
package struct InitOptions: Equatable, Sendable {
    /// `--signal-group`: signals go to the job's process group instead of its first process.
    package var signalGroup: Bool
    /// `--stop-signal`: the one that begins the shutdown.
    package var stopSignal: Signal
    /// `--grace-period`: from the first stop signal to SIGKILL for everything; nil: no deadline of ours.
    package var gracePeriod: Duration?
    /// `--linger`: how long the apps go on after the job's end.
    package var linger: Duration
    /// As PID 1 nobody could continue us if we stopped.
    package var isProcessOne: Bool
    /// Whether there is a supervisor to start beside the job.
    package var hasSupervisor: Bool

    package init(
        signalGroup: Bool = false,
        stopSignal: Signal = .terminate,
        gracePeriod: Duration? = nil,
        linger: Duration = .zero,
        isProcessOne: Bool,
        hasSupervisor: Bool = true
    ) {
        self.signalGroup = signalGroup
        self.stopSignal = stopSignal
        self.gracePeriod = gracePeriod
        self.linger = linger
        self.isProcessOne = isProcessOne
        self.hasSupervisor = hasSupervisor
    }
}

extension Signal {
    /// Whether the init role passes it on to the job. Not what speaks to a parent or of a terminal's or a pipe's state, nor
    /// glibc's own (32 and 33); and SIGKILL and SIGSTOP come to nobody.
    package var isForwarded: Bool {
        (1...64).contains(number)
            && ![
                Signal.kill, .stop, .child, .pipe, .terminalInput, .terminalOutput, Signal(number: 32),
                Signal(number: 33),
            ]
            .contains(self)
    }

    /// Whether a terminal sends it to stop a process.
    var isTerminalStop: Bool { [Signal.terminalStop, .terminalInput, .terminalOutput].contains(self) }
}
