internal import CLinux
package import CraterRunCore
internal import Glibc

/// Turns the world into events for the supervisor, and performs its effects: the only place that does. One thread, one
/// epoll instance, no call that waits for anybody (but for files: a program on a network file system that is dead holds up
/// its own start), and nothing throws out of it once it runs.
package final class Reactor {
    /// Where rules come from.
    package enum RulesSource {
        /// An annotations file that is watched.
        case annotations(path: String)
        /// The options fix the rule.
        case fixed
    }

    /// The tokens of the descriptors in the poll; those from `output` on are the forwarder's.
    private enum Token {
        static let signals: UInt64 = 0
        static let timer: UInt64 = 1
        static let annotations: UInt64 = 2
        static let check: UInt64 = 3
        static let output: UInt64 = 16
    }

    private var supervisor: ForegroundSupervisor
    private let launcher: AppLauncher
    private let outputTag: String
    private let logLevel: LogLevel
    private let logFormat: LogFormat
    private let inherited: InheritedSignals

    private let poll: EventPoll
    private let signals: SignalQueue
    private let timer: DeadlineTimer
    private let forwarder: OutputForwarder
    private let watcher: AnnotationsWatcher?
    private let checker = ReadinessChecker()
    private var children: ChildProcesses
    private var processes: AppProcesses

    private var queue: [Event] = []
    private var isDelivering = false
    private var exitCode: Int32?
    private var isCheckAttributing = false
    private var checkedPort: UInt16 = 0
    private var isSubreaper = true
    private var saidUnreadable = false
    /// Whether SIGCHLD was ignored for the moment of a spawn: that discards one that was pending.
    private var hasIgnoredChildren = false
    /// The children that we had before we started any: a shell's background jobs, where the shell then executed us.
    private var earlierChildren: Set<ProcessIdentity> = []

    /// Sets everything up; nothing is started yet.
    ///
    /// - Parameters:
    ///   - outputTag: put before each line of the app's output; empty to pass it through.
    /// - Throws: ``SystemCallError`` where the host refuses a descriptor or a thread.
    package init(
        supervisor: ForegroundSupervisor,
        launcher: AppLauncher,
        rules: RulesSource,
        inherited: InheritedSignals,
        outputTag: String,
        logLevel: LogLevel,
        logFormat: LogFormat = .text
    ) throws(SystemCallError) {
        self.supervisor = supervisor
        self.launcher = launcher
        self.inherited = inherited
        self.outputTag = outputTag
        self.logLevel = logLevel
        self.logFormat = logFormat
        children = ChildProcesses(inherited: inherited)
        processes = AppProcesses(marker: launcher.marker)
        poll = try EventPoll()
        signals = try SignalQueue()
        timer = try DeadlineTimer()
        try poll.add(signals.descriptor, .input, token: Token.signals)
        try poll.add(timer.descriptor, .input, token: Token.timer)
        forwarder = try OutputForwarder(poll: poll, firstToken: Token.output)
        switch rules {
        case .annotations(let path): watcher = AnnotationsWatcher(path: path)
        case .fixed: watcher = nil
        }
    }

    /// Supervises until there is nothing left to do.
    ///
    /// - Returns: the exit code.
    package func run() -> Int32 {
        // Orphans of the app come to us, wherever in the tree we are. Refused (a sandbox): they go to PID 1, and the
        // marker finds them there.
        isSubreaper = clinux_become_subreaper() == 0
        if !children.isEmpty { earlierChildren = Set(ownChildren(among: ProcessTable.rows()).map(\.identity)) }
        if !isSubreaper { log(LogEntry(.debug, "cannot become a subreaper; orphans of the app go to PID 1")) }
        // Children that ended before we were here told somebody else.
        reapAll()
        deliver(.started)
        if let watcher {
            watcher.start(at: MonotonicClock.now()).forEach(log)
            if let descriptor = watcher.descriptor {
                try? poll.add(descriptor, .input, token: Token.annotations)
            }
            readRules()
        }
        while exitCode == nil { turn() }
        finish()
        return exitCode ?? 1
    }

    /// Waits for the world to move, and follows.
    private func turn() {
        if hasIgnoredChildren {
            hasIgnoredChildren = false
            reapAll()
            guard exitCode == nil else { return }
        }
        let isIdle = supervisor.app.pid == nil
        let deadlines = [
            supervisor.nextDeadline, checker.deadline, forwarder.deadline, watcher?.deadline(isIdle: isIdle),
        ]
        timer.set(deadlines.compactMap { $0 }.min())
        guard let tokens = try? poll.wait() else {
            // Cannot happen to a descriptor of ours; if it does, rather look ten times a second than spin.
            _ = Glibc.poll(nil, 0, 100)
            expire(at: MonotonicClock.now())
            reapAll()
            return
        }
        let now = MonotonicClock.now()
        for token in tokens where exitCode == nil { handle(token, at: now) }
        if exitCode == nil { expire(at: now) }
    }

    private func handle(_ token: UInt64, at now: Instant) {
        switch token {
        case Token.signals:
            for signal in signals.drain() {
                if signal == .child { reapAll() } else if !inherited.ignores(signal) { deliver(.signal(signal)) }
            }
        case Token.timer:
            timer.acknowledge()
        case Token.annotations:
            guard let change = watcher?.drain(at: now) else { return }
            change.entries.forEach(log)
            if change.isDue { readRules() }
        case Token.check:
            follow(checker.proceed())
        default:
            forwarder.isReady(token, at: now)
        }
    }

    /// Whatever has become due by now.
    private func expire(at now: Instant) {
        if let due = supervisor.nextDeadline, due <= now { deliver(.tick) }
        if let due = checker.deadline, due <= now { follow(.done(checker.expire())) }
        forwarder.expire(at: now)
        if let look = watcher?.isDue(at: now) {
            look.entries.forEach(log)
            if look.isDue { readRules() }
        }
    }

    private func readRules() {
        guard let reading = watcher?.read(at: MonotonicClock.now()) else { return }
        deliver(.rules(reading))
    }

    /// Hands an event to the supervisor and performs what follows, and what follows from that, before it returns.
    private func deliver(_ event: Event) {
        queue.append(event)
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while !queue.isEmpty, exitCode == nil {
            let next = queue.removeFirst()
            for effect in supervisor.handle(next, at: MonotonicClock.now()) { perform(effect) }
        }
    }

    private func log(_ entry: LogEntry) {
        guard entry.level >= logLevel else { return }
        forwarder.write(entry.rendered(as: logFormat, at: WallClock.now()) + "\n")
    }

    /// Ends: nothing that was started outlives us, and what has been written is passed on.
    private func finish() {
        // As PID 1 the kernel ends everything with us (pid_namespaces(7)).
        if !ThisProcess.isProcessOne { endDescendants() }
        forwarder.close(within: .seconds(1), at: MonotonicClock.now())
    }
}

// MARK: - Effects

extension Reactor {
    private func perform(_ effect: Effect) {
        switch effect {
        case .app(let effect): perform(effect)
        case .log(let entry): log(entry)
        case .suspend:
            InheritedSignals.stopAsByTerminal()
            // Whether it stopped us or was discarded, we are here, and so is the app.
            processes.send(.resume, to: .group)
        case .exit(let code): exitCode = exitCode ?? code
        }
    }

    private func perform(_ effect: AppEffect) {
        switch effect {
        case .launch(let rule): launch(rule)
        case .signal(let signal, let scope): processes.send(signal, to: scope)
        case .survey:
            let rest = processes.countRest()
            sayWhatCannotBeSeen()
            deliver(.app(.surveyed(remaining: rest)))
        case .check(let rule, let isAttributing):
            isCheckAttributing = isAttributing
            // Seen now, a process is known as the app's even if it sheds every sign of that later.
            if supervisor.app.state == .ready { _ = processes.look() }
            checkedPort = rule.port
            let path = rule.prefix.appending(supervisor.app.policy.readiness.path)
            let progress = checker.start(port: rule.port, path: path, at: MonotonicClock.now())
            if let descriptor = checker.descriptor {
                try? poll.add(descriptor, .output, token: Token.check)
            }
            follow(progress)
        case .abandonCheck: endCheck()
        case .log(let entry): log(entry)
        case .reportOutput:
            let name = supervisor.app.policy.name
            let lines = forwarder.recentLines(of: name)
            guard !lines.isEmpty else { return }
            let report = lines.map { "    \($0)" }.joined(separator: "\n")
            log(LogEntry(.error, "\(name): the last lines of its output were:\n\(report)", of: LogSubject(app: name)))
        case .ended: break
        }
    }

    private func sayWhatCannotBeSeen() {
        guard processes.unreadable > 0, !saidUnreadable else { return }
        saidUnreadable = true
        let name = supervisor.app.policy.name
        log(
            LogEntry(
                .info,
                "the environment of \(processes.unreadable) younger processes cannot be read: whether they belong to \(name) is told "
                    + "by their ancestry, group and session alone"
            )
        )
    }

    private func launch(_ rule: IngressRule) {
        do throws(LaunchFailure) {
            let launched = try launcher.launch(for: rule, with: &children)
            processes.started(launched.pid)
            let name = supervisor.app.policy.name
            forwarder.forget(name)
            let subject = LogSubject(app: name, pid: launched.pid)
            launched.plan.notes.forEach { log(LogEntry(.warning, $0, of: subject)) }
            log(LogEntry(.debug, "running \(ShellQuoting.quote(launched.plan.arguments))", of: subject))
            forwarder.forward(launched.output, of: name, to: .output, tag: outputTag)
            forwarder.forward(launched.error, of: name, to: .error, tag: outputTag)
            deliver(.app(.launched(pid: launched.pid)))
        } catch {
            deliver(.app(.launchFailed(error)))
        }
        for pid in children.takeVanished() { ended(pid, .unknown) }
        hasIgnoredChildren = inherited.ignores(.child)
    }
}

// MARK: - Children

extension Reactor {
    /// Everything that has ended: looked at first, acted upon while its pid cannot be reused, then reaped.
    private func reapAll() {
        while let (pid, status) = children.peek() {
            ended(pid, status)
            children.reap(pid)
            if pid == processes.leader { processes.reaped() }
        }
    }

    private func ended(_ pid: Int32, _ status: ExitStatus) {
        // Anything else is an orphan that came to us. Asked of what was started and not of the supervisor, which may not have
        // been told of the start yet when the end is seen.
        if pid == processes.leader {
            // Its last words before the news of its end.
            forwarder.drain(at: MonotonicClock.now())
            deliver(.app(.exited(status)))
        }
        if status == .unknown, pid == processes.leader { processes.reaped() }
    }

    private func ownChildren(among rows: [ProcessRow]) -> [ProcessRow] {
        let own = getpid()
        return rows.filter { $0.parent == own }
    }

    /// SIGKILL to everything below us but what was there before us, until nothing is left or it does not die.
    private func endDescendants() {
        var emptyLooks = 0
        for _ in 0..<50 {
            reapAll()
            // To a subreaper every orphan below it comes as a child, so without a child there is nothing below.
            if isSubreaper, children.isEmpty { return }
            let rows = ProcessTable.rows()
            let below = ProcessTree.members(
                of: rows,
                leader: nil,
                marked: Set(ownChildren(among: rows).map(\.identity.pid)),
                known: [],
                excluded: Set(rows.map(\.identity).filter(earlierChildren.contains).map(\.pid))
            ).filter { !$0.isZombie }
            guard !below.isEmpty else {
                emptyLooks += 1
                // The table is read one process after the other: who was given to us meanwhile may be missing from it. With
                // children from before, there is no end to wait for.
                if !isSubreaper || !earlierChildren.isEmpty && emptyLooks > 1 { return }
                _ = Glibc.poll(nil, 0, 1)
                continue
            }
            for row in below { ProcessTable.send(.kill, to: row.identity) }
            _ = Glibc.poll(nil, 0, 20)
        }
    }
}

// MARK: - Readiness checks

extension Reactor {
    private func follow(_ progress: ReadinessChecker.Progress) {
        switch progress {
        case .waiting(let interest):
            guard let descriptor = checker.descriptor else { return }
            try? poll.change(descriptor, interest, token: Token.check)
        case .done(let outcome):
            endCheck()
            deliver(.app(.checked(attributed(outcome))))
        }
    }

    private func endCheck() {
        if let descriptor = checker.descriptor { poll.remove(descriptor) }
        checker.cancel()
    }

    /// What an answer means once it is known whose listener gave it.
    private func attributed(_ outcome: CheckOutcome) -> CheckOutcome {
        guard isCheckAttributing, case .answered(let status) = outcome else { return outcome }
        switch PortProbe.owner(of: checkedPort, members: processes.look()) {
        case .app(loopbackOnly: false): return outcome
        case .app(loopbackOnly: true): return .loopbackOnly(port: checkedPort)
        case .another(let holder): return .answeredByAnother(holder: holder)
        case .unknown: return .answeredUnattributed(status: status)
        }
    }
}
