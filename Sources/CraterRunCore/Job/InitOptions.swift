/// The init role's options.
package struct InitOptions: Equatable, Sendable {
    /// `--signal-group`: signals go to the job's process group instead of its first process.
    package var signalGroup: Bool
    /// `--stop-signal`: the signal that begins the shutdown.
    package var stopSignal: Signal
    /// `--grace-period`: the time from the first stop signal to SIGKILL for everything; nil for no deadline of
    /// crater-run's own.
    package var gracePeriod: Duration?
    /// `--linger`: how long the apps go on after the job's end.
    package var linger: Duration
    /// Whether crater-run is PID 1. If PID 1 stopped itself, no process could continue it.
    package var isProcessOne: Bool
    /// Whether to start a supervisor beside the job.
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
    /// Whether the init role forwards the signal to the job. Not forwarded are signals to a parent process, signals
    /// about the state of a terminal or a pipe, and glibc's own (32 and 33). No process can handle SIGKILL or SIGSTOP.
    package var isForwarded: Bool {
        (1...64).contains(number)
            && ![
                Signal.kill, .stop, .child, .pipe, .terminalInput, .terminalOutput, Signal(number: 32),
                Signal(number: 33),
            ]
            .contains(self)
    }

    /// Whether a terminal sends the signal to stop a process.
    var isTerminalStop: Bool { [Signal.terminalStop, .terminalInput, .terminalOutput].contains(self) }
}
