package import CraterRunCore
internal import CLinux
internal import Glibc

/// Looks after the job: turns what happens on the host into events for an ``InitMachine``, and performs the machine's
/// effects.
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
    /// The supervisor's stdin: it has a line when the job ends and the apps go on, and is at its end when the init role is
    /// gone. Made for the first supervisor, and kept for
    /// the next ones.
    private var pipe: Pipe?
    /// How the job ended; nil while it runs, and if the apps end with it.
    private var jobEnd: JobEnd?
    /// What each supervisor gets from the one before it. Made for the first supervisor, and kept for the next ones.
    private var legacy: RunLegacy?
    /// Keeps the sockets of the front door open from one supervisor to the next. Made for the first supervisor.
    private var parking: SocketParking?
    private var log: InitLog
    /// Whether the job's program was executed: from then on, the job's end is its own and no failure of crater-run.
    private var hasJobRun = false
    /// The last error that was logged.
    private var lastError: String?

    /// 0 while there is no job; no process has this pid.
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
    ///   - nonce: the run's nonce. It is the name of the run's private directory, and seeds the jitter of delays.
    ///   - notes: entries to log once the job is started.
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

    /// Looks after the job until the job has ended and none of its processes is left.
    ///
    /// - Returns: the exit code.
    package func run() -> Int32 { reactor.run(self) }

    func begin() {
        deliver(.started)
        for entry in notes { log.write(entry) }
    }

    var deadline: MonotonicInstant? { machine.nextDeadline }

    func received(_ signal: Signal) {
        // The job may have been stopped before this signal came: of several pending signals, SIGCHLD is one of the last
        // that are read.
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
        // If the program could not be executed, the report says so, and following it sets the pid to 0.
        if pid == jobPID { followReport(of: .job) }
        if pid == supervisorPID { followReport(of: .supervisor) }
        // Any other process is an orphan that became our child.
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

    /// Ends every process that was started, so that none outlives us.
    func finish() {
        // If we are PID 1, the kernel ends all processes with us (pid_namespaces(7)).
        if !machine.options.isProcessOne { reactor.endDescendants() }
        log.close(within: .seconds(1))
        if !hasJobRun, let lastError { TerminationLog.write([lastError]) }
        // The private directory has what the supervisors shared, such as Jupyter's token. Without a supervisor there is
        // none.
        guard hasStartedSupervisor else { return }
        // If the directory's file system does not answer, the directory stays there. A supervisor that was killed could
        // not remove its socket.
        let nonce = nonce
        _ = Interruptible.run(within: .seconds(3)) {
            PrivateDirectory(nonce: nonce).remove()
            ControlPlace.removeAll(of: String(nonce, radix: 16))
        }
    }

    /// Hands an event to the machine, and performs its effects before it returns. Effects may cause further events,
    /// which are handled in the same call.
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
        // Nobody would ever serve the connections to a socket that stays open.
        if machine.hasNoSupervisor { parking = nil }
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
            // As long as we know the job's pid, the job has not been reaped, so no other process has the pid.
            if jobPID > 0 { kill(group ? -jobPID : jobPID, signal.number) }
        case .signalSupervisor(let signal):
            if supervisorPID > 0 { kill(supervisorPID, signal.number) }
            // The supervisor also ignores the signals that were ignored at our start. The end of its stdin tells it
            // instead.
            if reactor.inherited.ignores(signal) { pipe = nil }
        case .tellSupervisor(let end):
            jobEnd = end
            // The pipe is empty but for this line, so the call does not wait.
            let line = Array("\(end.text)\n".utf8)
            if let pipe { _ = line.withUnsafeBytes { write(pipe.writeEnd, $0.baseAddress, $0.count) } }
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
            // With a terminal, our whole process group is stopped, as Ctrl-Z does it, so that a pipeline stops as a
            // whole.
            let hasStopped = InheritedSignals.stopAsByTerminal(signal, group: terminal != nil)
            if !hasStopped { deliver(.suspendDiscarded) }
        case .log(let entry): say(entry)
        case .exit(let code): exitCode = exitCode ?? code
        }
    }

    private func becomeJob() {
        terminal?.takeBack()
        reactor.resign()
        // execve(2) ends the thread that writes the log.
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
    /// - Parameter foreground: the terminal whose foreground the job gets; nil if it gets none.
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
            parking = parking ?? (try? SocketParking())
            let request = SpawnRequest(
                arguments: supervisor.arguments(attempt: attempt, afterHangs: hangs)
                    + (jobEnd.map { ["--job-ended", $0.text] } ?? [])
                    + (legacy == nil ? [] : RunLegacy.arguments) + (parking == nil ? [] : SocketParking.arguments),
                environment: nil,
                standardDescriptors: (pipe.readEnd, 1, 2),
                passed: (legacy?.passed ?? []) + (parking?.passed ?? []),
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
            // The kernel has no memory for another watch, so we wait here. It takes a moment, unless the program is on
            // a dead file system.
            var descriptor = pollfd(fd: report, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, -1)
            followReport(of: child)
        }
    }

    /// Handles the report of a child, if the report already says whether the program was executed.
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
    /// The refusal that made a spawn fail; nil if the process was granted, but its program cannot be executed.
    fileprivate init?(_ error: SystemCallError) {
        let mayPass = [EAGAIN, ENOMEM].contains(error.number)
        switch error.call {
        case "execve" where !mayPass: return nil
        default: self = mayPass || error.number == ENFILE ? .forNow : .forGood
        }
    }
}

extension ThisProcess {
    /// The path of our own program. It works even if the file has been replaced or removed since our start; without
    /// /proc it is the path that was executed.
    static var executable: String {
        let link = "/proc/self/exe"
        guard access(link, X_OK) == -1, let path = clinux_executed_path() else {
            return link
        }
        return String(cString: path)
    }
}

/// The init role's own log lines, on stderr. Most runs have none, so the thread that writes them begins with the first
/// line.
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
            // If the queue is full because nobody reads, lines are dropped and counted.
            if !writer.write(splitter.take(line.utf8) + splitter.finish(), from: 0) { writer.startDropping() }
        } catch {
            // The host refuses a thread or a descriptor, which may be the very thing that the line tells. So the line
            // is written here, if stderr does not block.
            var descriptor = pollfd(fd: StandardStream.error.rawValue, events: Int16(POLLOUT), revents: 0)
            if poll(&descriptor, 1, 0) == 1 { try? StandardStream.error.write(Array(line.utf8)) }
        }
    }

    func close(within limit: Duration) { writer?.close(within: limit) }

    /// Waits until everything is written. Later lines get a new writer with a thread of its own.
    mutating func flush(within limit: Duration) {
        close(within: limit)
        writer = nil
    }
}
