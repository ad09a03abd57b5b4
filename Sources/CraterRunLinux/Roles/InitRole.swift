package import CraterRunCore
internal import CLinux
internal import Glibc

/// Looks after the job: turns the world into events for an ``InitMachine``, and performs its effects.
package final class InitRole: Role {
    /// The children that the role itself starts.
    private enum Child {
        case job
        case supervisor
    }

    private let reactor: Reactor
    private var machine: InitMachine
    private let job: JobCommand
    private let supervisor: SupervisorCommand
    private let terminal: JobTerminal?
    private let notes: [LogEntry]
    private let nonce: UInt64
    private var hasStartedSupervisor = false
    /// The supervisor's stdin is at its end when we are gone. Made for the first one, and kept.
    private var pipe: Pipe?
    /// The same: what each supervisor finds of the one before it.
    private var legacy: RunLegacy?
    private var log: InitLog
    /// Whether the job's program was executed: from then on an end is the job's own.
    private var hasJobRun = false
    /// The last error that was said.
    private var lastError: String?

    /// Zero as long as there is none: that is nobody's pid.
    private var jobPID: Int32 = 0
    private var supervisorPID: Int32 = 0
    /// The reports of children whose programs have yet to be executed (``Spawning/report``).
    private var jobReport: Int32?
    private var supervisorReport: Int32?
    private var leftOvers: [ProcessRow] = []
    private var queue: [InitEvent] = []
    private var isDelivering = false
    private(set) var exitCode: Int32?

    /// - Parameters:
    ///   - nonce: the run's, which its private directory has for a name; seeds the delays' jitter.
    ///   - notes: what is to be said, once the job is started.
    package init(
        on reactor: Reactor,
        options: InitOptions,
        job: JobCommand,
        supervisor: SupervisorCommand,
        nonce: UInt64,
        notes: [LogEntry] = [],
        logStyle: LogStyle
    ) {
        self.reactor = reactor
        self.job = job
        self.supervisor = supervisor
        self.notes = notes
        self.nonce = nonce
        machine = InitMachine(options: options, seed: nonce)
        log = InitLog(style: logStyle)
        terminal = JobTerminal()
    }

    /// Looks after the job until it has ended and nothing of it is left.
    ///
    /// - Returns: the exit code.
    package func run() -> Int32 { reactor.run(self) }

    func begin() {
        deliver(.started)
        for entry in notes { log.write(entry) }
    }

    var deadline: MonotonicInstant? { machine.nextDeadline }

    func received(_ signal: Signal) {
        // A stop of the job that came before it: among signals that wait, SIGCHLD is one of the last to be read.
        childrenChanged()
        deliver(.signal(signal, isIgnored: reactor.inherited.ignores(signal)))
    }

    func childrenChanged() {
        guard jobPID > 0 else { return }
        while let change = reactor.children.stateChange(of: jobPID) {
            switch change {
            case .stopped(let signal): deliver(.jobStopped(by: signal, terminal: terminalOwner))
            case .continued: deliver(.jobContinued)
            }
        }
    }

    private var terminalOwner: TerminalOwner {
        terminal?.owner(job: jobPID) ?? .nobody
    }

    func ended(_ pid: Int32, _ status: ExitStatus) {
        // Who ended because its program cannot be executed has said so before, and is nobody's pid by now.
        if pid == jobPID { followReport(of: .job) }
        if pid == supervisorPID { followReport(of: .supervisor) }
        // Anything else is an orphan that came to us.
        if pid == jobPID {
            deliver(.jobEnded(status))
        } else if pid == supervisorPID {
            supervisorPID = 0
            deliver(.supervisorEnded(status))
        }
    }

    func reaped(_ pid: Int32) {
        if pid == jobPID { jobPID = 0 }
    }

    func settled() { deliver(.settled) }

    func expire(at now: MonotonicInstant) {
        if let due = machine.nextDeadline, due <= now { deliver(.tick) }
    }

    /// Nothing that was started outlives us.
    func finish() {
        // As PID 1 the kernel ends everything with us (pid_namespaces(7)).
        if !machine.options.isProcessOne { reactor.endDescendants() }
        log.close(within: .seconds(1))
        if !hasJobRun, let lastError { TerminationLog.write([lastError]) }
        // What the supervisors shared, such as Jupyter's token; without one there is nothing.
        guard hasStartedSupervisor else { return }
        // What is on a file system that does not answer stays there.
        let nonce = nonce
        _ = Interruptible.run(within: .seconds(3)) { PrivateDirectory(nonce: nonce).remove() }
    }

    /// Hands an event to the machine and performs what follows, and what follows from that, before it returns.
    private func deliver(_ event: InitEvent) {
        if event == .jobLaunched { hasJobRun = true }
        queue.append(event)
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while !queue.isEmpty, exitCode == nil {
            let next = queue.removeFirst()
            for effect in machine.handle(next, at: MonotonicClock.now()) { perform(effect) }
        }
    }
}

// MARK: - Effects

extension InitRole {
    private func perform(_ effect: InitEffect) {
        switch effect {
        case .launchJob: launchJob(in: terminal?.descriptorToGive)
        case .launchJobInBackground: launchJob(in: nil)
        case .becomeJob: becomeJob()
        case .launchSupervisor(let attempt, let hangs): launchSupervisor(attempt: attempt, afterHangs: hangs)
        case .signalJob(let signal, let group):
            // Not reaped as long as we know its pid, so that is still its own.
            if jobPID > 0 { kill(group ? -jobPID : jobPID, signal.number) }
        case .signalSupervisor(let signal):
            if supervisorPID > 0 { kill(supervisorPID, signal.number) }
            // It ignores what was ignored at our start; but its stdin is at its end then.
            if reactor.inherited.ignores(signal) { pipe = nil }
        case .killSupervisor:
            guard supervisorPID > 0 else { return }
            let pid = supervisorPID
            let below = ProcessTree.members(
                of: ProcessTable.rows(), leader: nil, marked: [pid], known: [], excluded: [])
            kill(pid, SIGKILL)
            for row in below { ProcessTable.send(.kill, to: row.identity) }
        case .survey:
            leftOvers = reactor.hasNoDescendants ? [] : reactor.descendants(except: [supervisorPID])
            deliver(.surveyed(leftOvers: leftOvers.count))
        case .signalLeftOvers(let signal):
            for row in leftOvers { ProcessTable.send(signal, to: row.identity) }
        case .killAll:
            if jobPID > 0 { kill(-jobPID, SIGKILL) }
            for row in reactor.descendants() { ProcessTable.send(.kill, to: row.identity) }
        case .giveTerminal:
            if jobPID > 0 { terminal?.give(to: jobPID) }
        case .takeTerminal: terminal?.takeBack()
        case .suspend(let signal):
            // With a terminal, everything in our group is stopped, as Ctrl-Z would do it: a pipeline stops as a whole.
            let hasStopped = InheritedSignals.stopAsByTerminal(signal, group: terminal != nil)
            if !hasStopped { deliver(.suspendDiscarded) }
        case .log(let entry): say(entry)
        case .exit(let code): exitCode = exitCode ?? code
        }
    }

    private func becomeJob() {
        terminal?.takeBack()
        reactor.resign()
        // The thread that writes it ends with the process that we are.
        log.flush(within: .seconds(1))
        let failure = LaunchFailure(job.execute(reactor.inherited))
        say(LogEntry(.error, "cannot start the job: \(failure.reason)"))
        exitCode = exitCode ?? failure.exitCode ?? 126
    }

    private func say(_ entry: LogEntry) {
        if entry.level == .error { lastError = entry.message }
        log.write(entry)
    }
}

// MARK: - Starting

extension InitRole {
    /// - Parameter foreground: the terminal whose foreground it gets.
    private func launchJob(in foreground: Int32?) {
        do throws(SystemCallError) {
            let spawning = try reactor.children.begin(SpawnRequest(command: job.words, terminal: foreground))
            jobPID = spawning.pid
            if foreground != nil { terminal?.wasGiven() }
            deliver(.jobForked)
            follow(spawning.report, of: .job)
        } catch {
            deliver(.jobLaunchFailed(LaunchFailure(error), refusal: ProcessRefusal(error)))
        }
    }

    private func launchSupervisor(attempt: Int, afterHangs hangs: Int) {
        do throws(SystemCallError) {
            let pipe = if let pipe { pipe } else { try Pipe() }
            self.pipe = pipe
            legacy = legacy ?? (try? RunLegacy())
            let request = SpawnRequest(
                arguments: supervisor.arguments(attempt: attempt, afterHangs: hangs)
                    + (legacy == nil ? [] : RunLegacy.arguments),
                environment: nil,
                standardDescriptors: (pipe.readEnd, 1, 2),
                passed: legacy?.passed ?? [],
                program: supervisor.program
            )
            let spawning = try reactor.children.begin(request)
            supervisorPID = spawning.pid
            hasStartedSupervisor = true
            deliver(.supervisorLaunched)
            follow(spawning.report, of: .supervisor)
        } catch {
            deliver(.supervisorLaunchFailed("\(error)"))
        }
    }

    private func follow(_ report: Int32, of child: Child) {
        if child == .job { jobReport = report } else { supervisorReport = report }
        do throws(SystemCallError) {
            try reactor.poll.add(report, .input) { [weak self] _ in self?.followReport(of: child) }
        } catch {
            // Out of memory for a watch: waited for here, which takes a moment, but for a program on a dead file system.
            var descriptor = pollfd(fd: report, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, -1)
            followReport(of: child)
        }
    }

    /// What became of a child's program, if that is known now.
    private func followReport(of child: Child) {
        guard let report = child == .job ? jobReport : supervisorReport,
            let outcome = ChildProcesses.outcome(of: report)
        else { return }
        if child == .job { jobReport = nil } else { supervisorReport = nil }
        reactor.poll.remove(report)
        close(report)
        switch outcome {
        case .success:
            if child == .job { deliver(.jobLaunched) }
        case .failure(let error) where child == .job: jobFailed(error)
        case .failure(let error):
            supervisorPID = 0
            deliver(.supervisorLaunchFailed("\(error)"))
        }
    }

    private func jobFailed(_ error: SystemCallError) {
        jobPID = 0
        terminal?.takeBack()
        if error.call == "tcsetpgrp" {
            deliver(.jobLostTerminal)
        } else {
            deliver(.jobLaunchFailed(LaunchFailure(error), refusal: ProcessRefusal(error)))
        }
    }
}

extension ProcessRefusal {
    /// What a spawn failed with; nil where it is the program that cannot be executed.
    fileprivate init?(_ error: SystemCallError) {
        let mayPass = [EAGAIN, ENOMEM].contains(error.number)
        switch error.call {
        case "execve" where !mayPass: return nil
        default: self = mayPass || error.number == ENFILE ? .forNow : .forGood
        }
    }
}

extension ThisProcess {
    /// The file that we are, also where it has been replaced or removed since; without /proc, by the path that it was
    /// executed by.
    static var executable: String {
        let link = "/proc/self/exe"
        guard access(link, X_OK) == -1, let path = clinux_executed_path() else {
            return link
        }
        return String(cString: path)
    }
}

/// The init's own lines, on stderr. Most runs have none, so the thread that writes them begins with the first one.
private struct InitLog {
    private let style: LogStyle
    private var writer: OutputWriter?

    init(style: LogStyle) {
        self.style = style
    }

    mutating func write(_ entry: LogEntry) {
        guard let line = style.line(for: entry, at: WallClock.now()).map({ $0 + "\n" }) else { return }
        do throws(SystemCallError) {
            let writer = if let writer { writer } else { try OutputWriter(target: StandardStream.error.rawValue) }
            self.writer = writer
            var splitter = LineSplitter(tag: "")
            // Nobody reads for so long that the queue is full: then lines are dropped, and counted.
            if !writer.write(splitter.take(line.utf8) + splitter.finish(), from: 0) { writer.startDropping() }
        } catch {
            // No thread is to be had, which may be the very thing to be told: said at once, if that waits for nobody.
            var descriptor = pollfd(fd: StandardStream.error.rawValue, events: Int16(POLLOUT), revents: 0)
            if poll(&descriptor, 1, 0) == 1 { try? StandardStream.error.write(Array(line.utf8)) }
        }
    }

    func close(within limit: Duration) { writer?.close(within: limit) }

    /// Waits until everything is written; what comes later has a thread of its own.
    mutating func flush(within limit: Duration) {
        close(within: limit)
        writer = nil
    }
}
