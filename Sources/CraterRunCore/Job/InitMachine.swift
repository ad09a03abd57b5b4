/// Looks after the job: starts it, keeps a supervisor of the apps beside it, forwards signals, ends the processes that
/// the job leaves behind, and ends with the job's own status. Events go in, effects come out.
package struct InitMachine: Sendable {
    /// The time from the job's start to the supervisor's: a job that has ended by then needs no supervisor.
    package static let supervisorDelay = Duration.milliseconds(50)
    /// How long apps serve on after the stop signal while the job runs.
    package static let appsStopAfter = Duration.seconds(20)
    /// How long before the end of the grace period the apps are asked to stop: they have stopped five seconds later.
    package static let appsStopBeforeEnd = Duration.seconds(11)
    /// How soon after the first request to end a second one is only its repetition, not impatience.
    private static let echo = Duration.milliseconds(100)
    /// How long to wait before continuing a job that was stopped for using the terminal in the background. Without the
    /// wait, it would be stopped and continued again and again.
    private static let terminalRetry = Duration.seconds(1)
    /// How long to retry the job's start while the host grants no process for it. After that, crater-run becomes the
    /// job, which takes no other process.
    private static let patienceWithHost = Duration.seconds(3)
    /// The most signals that are kept for a job that cannot be started yet.
    private static let mostPending = 1000

    /// How far the job has come.
    private enum Job {
        case unstarted(retryAt: MonotonicInstant?)
        /// A process exists, but whether its program can be executed is not known yet. `endSignal`: the signal that
        /// asked us to end.
        case starting(endSignal: Signal?)
        case running
        case ended(ExitStatus)
    }

    /// The time after the job's end.
    private enum Aftermath {
        case none
        /// The apps go on.
        case lingering(until: MonotonicInstant)
        /// Everything is ending; after this time, nothing is waited for any more.
        case ending(until: MonotonicInstant)
    }

    /// What the first stop signal started.
    private struct Shutdown {
        /// When to ask the supervisor to stop if the job still runs; nil once that is done.
        var stopAppsAt: MonotonicInstant?
        /// When to kill everything; nil for never, or once that is done.
        var killAt: MonotonicInstant?
    }

    package let options: InitOptions
    private var job = Job.unstarted(retryAt: nil)
    private var jobBackoff: Backoff
    /// Since when the host has granted no process for the job.
    private var refusedSince: MonotonicInstant?
    /// Whether the job is stopped, as far as crater-run knows.
    private var isJobStopped = false
    /// The signal that stopped the job last.
    private var lastStop = Signal.terminalStop
    /// When to continue a job that a terminal stopped and nobody else can continue.
    private var continueJobAt: MonotonicInstant?
    /// The signals that came before there was a job.
    private var pending: [Signal] = []
    private var supervisor: InitSupervisorKeeper
    private var shutdown: Shutdown?
    private var aftermath = Aftermath.none
    private var leftOvers = InitLeftOvers()
    /// When crater-run was first asked to end.
    private var firstAskedAt: MonotonicInstant?

    /// - Parameter seed: for the jitter of the delays.
    package init(options: InitOptions, seed: UInt64) {
        self.options = options
        jobBackoff = Backoff(seed: seed)
        supervisor = InitSupervisorKeeper(seed: seed)
    }

    /// When the next ``InitEvent/tick`` is due; nil if none is.
    package var nextDeadline: MonotonicInstant? {
        // This is read at each turn of the reactor and before the job's start, so it builds no array.
        var next = Self.earlier(supervisor.deadline, leftOvers.deadline)
        next = Self.earlier(next, Self.earlier(shutdown?.stopAppsAt, shutdown?.killAt))
        next = Self.earlier(next, continueJobAt)
        if case .unstarted(let retryAt) = job { next = Self.earlier(next, retryAt) }
        if case .lingering(let end) = aftermath { next = Self.earlier(next, end) }
        if case .ending(let end) = aftermath { next = Self.earlier(next, end) }
        return next
    }

    private static func earlier(_ one: MonotonicInstant?, _ other: MonotonicInstant?) -> MonotonicInstant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// Whether there is no supervisor process now, and none will be started.
    package var hasNoSupervisor: Bool { supervisor.isGone }

    package mutating func handle(_ event: InitEvent, at now: MonotonicInstant) -> [InitEffect] {
        switch event {
        case .started: [.launchJob]
        case .jobForked: jobForked(at: now)
        case .jobLostTerminal: jobLostTerminal()
        case .jobLaunched: jobLaunched()
        case .jobLaunchFailed(let failure, let refusal): jobLaunchFailed(failure, refusal, at: now)
        case .jobStopped(let signal, let terminal): jobStopped(by: signal, terminal, at: now)
        case .jobContinued: jobContinued()
        case .jobEnded(let status): jobEnded(status)
        case .supervisorLaunched: supervisorLaunched(at: now)
        case .supervisorLaunchFailed(let reason): supervisor.launchFailed(reason, at: now)
        case .supervisorEnded(let status): supervisorEnded(status, at: now)
        case .settled: settled(at: now)
        case .surveyed(let count): leftOvers.counted(count, at: now) + exitIfDone()
        case .signal(let signal, let isIgnored): received(signal, isIgnored: isIgnored, at: now)
        case .suspendDiscarded: suspendDiscarded(at: now)
        case .tick: expire(at: now)
        }
    }

    private mutating func expire(at now: MonotonicInstant) -> [InitEffect] {
        if case .unstarted(let retryAt?) = job, retryAt <= now {
            job = .unstarted(retryAt: nil)
            return [.launchJob]
        }
        if let killAt = shutdown?.killAt, killAt <= now { return gracePeriodEnded() }
        switch aftermath {
        case .ending(let end) where end <= now:
            return [.log(LogEntry(.warning, "not everything has ended in time: killing what is left"))] + exit()
        case .lingering(let end) where end <= now:
            return beginEnding(at: now)
        default: break
        }
        var effects: [InitEffect] = []
        if let stopAppsAt = shutdown?.stopAppsAt, stopAppsAt <= now {
            shutdown?.stopAppsAt = nil
            effects += supervisor.stop(at: now)
        }
        if let time = continueJobAt, time <= now { effects += continueJob() }
        return effects + supervisor.expire(at: now) + leftOvers.expire(at: now)
    }
}

// MARK: - The job's beginning and end

extension InitMachine {
    private mutating func jobForked(at now: MonotonicInstant) -> [InitEffect] {
        job = .starting(endSignal: nil)
        // The delay counts from the fork: a job whose file system does not answer must not keep users from the apps.
        if options.hasSupervisor { supervisor.begin(at: now.advanced(by: InitMachine.supervisorDelay)) }
        return []
    }

    /// The terminal may just have hung up. That must not keep the job from starting, unless we were asked to end
    /// meanwhile.
    private mutating func jobLostTerminal() -> [InitEffect] {
        guard case .starting(let endSignal) = job else { return [] }
        if let endSignal {
            supervisor.cancel()
            return [.exit(128 + endSignal.number)]
        }
        return [.launchJobInBackground]
    }

    private mutating func jobLaunched() -> [InitEffect] {
        job = .running
        defer { pending = [] }
        return pending.map { .signalJob($0, group: options.signalGroup) }
    }

    private mutating func jobLaunchFailed(
        _ failure: LaunchFailure, _ refusal: ProcessRefusal?, at now: MonotonicInstant
    ) -> [InitEffect] {
        supervisor.cancel()
        if case .starting(let signal?) = job, refusal != nil || failure.exitCode == nil {
            return [.exit(128 + signal.number)]
        }
        if let refusal { return jobRefused(failure, refusal, at: now) }
        refusedSince = nil
        if let code = failure.exitCode {
            return [.log(LogEntry(.error, "cannot start the job: \(failure.reason)")), .exit(code)]
        }
        return retryJob(failure, after: jobBackoff.next(), at: now)
    }

    private mutating func jobRefused(
        _ failure: LaunchFailure, _ refusal: ProcessRefusal, at now: MonotonicInstant
    ) -> [InitEffect] {
        let since = refusedSince ?? now
        refusedSince = since
        let left = InitMachine.patienceWithHost - since.duration(to: now)
        if refusal == .forNow, left > .zero { return retryJob(failure, after: min(jobBackoff.next(), left), at: now) }
        let message = "cannot start the job beside crater-run: \(failure.reason); running it alone, without any app"
        return [.log(LogEntry(.error, message)), .becomeJob]
    }

    private mutating func retryJob(_ failure: LaunchFailure, after delay: Duration, at now: MonotonicInstant)
        -> [InitEffect]
    {
        job = .unstarted(retryAt: now.advanced(by: delay))
        let next = "trying again in \(DurationText.describe(delay))"
        return [.log(LogEntry(.warning, "cannot start the job: \(failure.reason); \(next)"))]
    }

    private mutating func jobEnded(_ status: ExitStatus) -> [InitEffect] {
        job = .ended(status)
        continueJobAt = nil
        return [.takeTerminal]
    }

    private var jobStatus: ExitStatus? {
        if case .ended(let status) = job { status } else { nil }
    }

    private mutating func settled(at now: MonotonicInstant) -> [InitEffect] {
        guard let status = jobStatus else { return [] }
        switch aftermath {
        case .none:
            if options.linger > .zero, options.hasSupervisor, shutdown == nil { return linger(after: status, at: now) }
            return beginEnding(at: now)
        case .lingering: return leftOvers.isNone ? [] : [.survey]
        case .ending: return [.survey]
        }
    }

    private mutating func linger(after status: ExitStatus, at now: MonotonicInstant) -> [InitEffect] {
        aftermath = .lingering(until: now.advanced(by: options.linger))
        let time = DurationText.describe(options.linger)
        return [
            .log(LogEntry(.info, "the job \(status); the apps go on for \(time), or until a signal")),
            .tellSupervisor(JobEnd(code: status.code, at: now)), .survey,
        ]
    }

    private mutating func beginEnding(at now: MonotonicInstant) -> [InitEffect] {
        let end = now.advanced(by: InitSupervisorKeeper.stopTimeout)
        aftermath = .ending(until: min(end, shutdown?.killAt ?? end))
        shutdown = nil
        leftOvers.mayHaveGrown()
        return supervisor.stop(at: now) + [.survey]
    }

    private mutating func exitIfDone() -> [InitEffect] {
        guard case .ending = aftermath, leftOvers.isNone, supervisor.isGone else { return [] }
        return exit()
    }

    private func exit() -> [InitEffect] { jobStatus.map { [.exit($0.code)] } ?? [] }

    private mutating func gracePeriodEnded() -> [InitEffect] {
        shutdown = nil
        supervisor.abandon()
        let time = DurationText.describe(options.gracePeriod ?? .zero)
        return [
            .log(LogEntry(.warning, "the job still runs at the end of the grace period of \(time): killing everything"))
        ]
            + [.killAll]
    }
}

// MARK: - The supervisor

extension InitMachine {
    private mutating func supervisorLaunched(at now: MonotonicInstant) -> [InitEffect] {
        supervisor.launched(at: now)
        return []
    }

    private mutating func supervisorEnded(_ status: ExitStatus, at now: MonotonicInstant) -> [InitEffect] {
        // A supervisor that exits has ended its apps. The apps of a killed supervisor have become our children: the
        // next supervisor ends them, if there is to be one.
        switch (aftermath, status) {
        case (.ending, .signaled), (.ending, .unknown): leftOvers.mayHaveGrown()
        default: break
        }
        return supervisor.ended(status, at: now)
    }
}

// MARK: - Signals

extension InitMachine {
    /// Signals that ask for the end, as a terminal or a shell sends them.
    private static let ending: Set<Signal> = [.interrupt, .hangup, .quit]

    private mutating func received(_ signal: Signal, isIgnored: Bool, at now: MonotonicInstant) -> [InitEffect] {
        guard signal.isForwarded else { return [] }
        let asksForTheEnd = !isIgnored && (signal == options.stopSignal || InitMachine.ending.contains(signal))
        switch job {
        case .unstarted:
            if asksForTheEnd { return [.exit(128 + signal.number)] }
            if pending.count < InitMachine.mostPending { pending.append(signal) }
            return []
        case .starting(let earlier):
            if asksForTheEnd { job = .starting(endSignal: earlier ?? signal) }
            return forward(signal, isIgnored: isIgnored, at: now)
        case .running:
            return forward(signal, isIgnored: isIgnored, at: now)
        case .ended:
            if signal == .terminalStop, !isIgnored, !options.isProcessOne { return [.suspend(by: .terminalStop)] }
            return asksForTheEnd ? askedToEnd(by: signal, at: now) : []
        }
    }

    private mutating func forward(_ signal: Signal, isIgnored: Bool, at now: MonotonicInstant) -> [InitEffect] {
        if signal == .resume {
            // A shell that continues us in the foreground wants the job to continue.
            let toGroup = isJobStopped || options.signalGroup
            isJobStopped = false
            continueJobAt = nil
            return [.giveTerminal, .signalJob(.resume, group: toGroup)]
        }
        var effects: [InitEffect] = [.signalJob(signal, group: options.signalGroup)]
        guard signal == options.stopSignal, !isIgnored else { return effects }
        // A stopped job would not see the signal that asks it to end.
        if isJobStopped { effects += continueJob() }
        guard shutdown == nil else { return effects }
        // A sender that stops everything at once also stops the supervisor, which must not be started again meanwhile.
        supervisor.keepNoLonger()
        firstAskedAt = now
        let untilEnd = options.gracePeriod.map { max(.zero, $0 - InitMachine.appsStopBeforeEnd) }
        shutdown = Shutdown(
            stopAppsAt: now.advanced(by: min(untilEnd ?? InitMachine.appsStopAfter, InitMachine.appsStopAfter)),
            killAt: options.gracePeriod.map { now.advanced(by: $0) }
        )
        return effects + [.log(LogEntry(.info, "\(signal) received, and passed on to the job"))]
    }

    /// Handles a request to end that comes after the job's end, while something is still waited for.
    private mutating func askedToEnd(by signal: Signal, at now: MonotonicInstant) -> [InitEffect] {
        guard let first = firstAskedAt else {
            firstAskedAt = now
            if case .lingering = aftermath { return beginEnding(at: now) }
            return []
        }
        // timeout(1) and others send one signal twice. A terminal that closes sends SIGHUP both itself and through its
        // shell.
        guard signal != .hangup, first.duration(to: now) > InitMachine.echo else { return [] }
        return [.log(LogEntry(.info, "\(signal) received while stopping: killing what is left"))] + exit()
    }
}

// MARK: - Stops

extension InitMachine {
    private mutating func jobStopped(by signal: Signal, _ terminal: TerminalOwner, at now: MonotonicInstant)
        -> [InitEffect]
    {
        isJobStopped = true
        lastStop = signal
        let isDenied = signal == .terminalInput || signal == .terminalOutput
        if options.isProcessOne {
            // Without crater-run, the job would be PID 1 at the terminal, and the kernel keeps SIGSTOP from PID 1.
            guard signal.isTerminalStop || signal == .stop && terminal == .job else { return [] }
            return isDenied && [.others, .nobody].contains(terminal) ? continueJobLater(at: now) : continueJob()
        }
        // Without the terminal, whoever sends SIGSTOP sends SIGCONT too, and there is nothing to do.
        guard signal.isTerminalStop || signal == .stop && terminal == .job else { return [] }
        // We were started in the background and are in the foreground now, but nothing told us of the change.
        if isDenied, terminal == .ourselves { return continueJob() }
        return [.takeTerminal, .suspend(by: signal.isTerminalStop ? signal : .terminalStop)]
    }

    private mutating func jobContinued() -> [InitEffect] {
        isJobStopped = false
        continueJobAt = nil
        return []
    }

    private mutating func suspendDiscarded(at now: MonotonicInstant) -> [InitEffect] {
        guard jobStatus == nil, isJobStopped else { return [] }
        // SIGSTOP is deliberate: its sender sends SIGCONT later.
        if lastStop == .stop { return [.giveTerminal] }
        return lastStop == .terminalInput || lastStop == .terminalOutput ? continueJobLater(at: now) : continueJob()
    }

    private mutating func continueJobLater(at now: MonotonicInstant) -> [InitEffect] {
        continueJobAt = now.advanced(by: InitMachine.terminalRetry)
        return []
    }

    private mutating func continueJob() -> [InitEffect] {
        isJobStopped = false
        continueJobAt = nil
        return [.giveTerminal, .signalJob(.resume, group: true)]
    }
}
