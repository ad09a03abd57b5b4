package import CraterRunCore
internal import Glibc

/// Looks after apps: turns the world into events for an ``AppsSupervisor``, and performs its effects.
package final class SupervisorRole: Role {
    /// Where rules come from.
    package enum RulesSource {
        /// An annotations file that is watched.
        case annotations(path: String)
        /// The options fix the rule.
        case fixed
    }

    private enum Token {
        static let annotations = Reactor.Token.role
        static let initPipe = Reactor.Token.role + 1
        static let exchange = Reactor.Token.role + 2
        /// One for each app's checker from here on.
        static let checkers = Reactor.Token.role + 3
        /// These and those above are the forwarder's.
        static let output: UInt64 = 1 << 32
    }

    private let reactor: Reactor
    private var supervisor: any AppsSupervisor
    private let nonce: UInt64
    private lazy var predecessors = Predecessors(nonce: nonce)
    private let notes: [LogEntry]
    private let logStyle: LogStyle
    private let forwarder: OutputForwarder
    private let watcher: AnnotationsWatcher?
    /// At its end the init role is gone; nil if there is none.
    private let initPipe: Int32?
    /// Where those ask who want to know how everything stands; nil if nobody does.
    private let exchange: SupervisorExchange?

    private var apps: [String: ServedApp] = [:]
    private var nextToken = Token.checkers
    private var orphansReaped = 0
    private var memory = OutOfMemoryWatch()
    /// Who waits for the answer to a command, by its number.
    private var replies: [UInt64: @Sendable (ControlAnswer?) -> Void] = [:]
    private var nextCommand: UInt64 = 0
    private var isInitGone = false
    private var queue: [Event] = []
    private var isDelivering = false
    private(set) var exitCode: Int32?
    /// The last errors that were said: that an app has failed, and the last lines of its output.
    private var lastErrors: [String] = []

    /// - Parameters:
    ///   - apps: those that are there from the start.
    ///   - nonce: marks every process that is started: the same in a supervisor that follows one that was killed.
    ///   - initPipe: a descriptor that is at its end when the init role is gone.
    ///   - exchange: where to show how everything stands, and to take commands.
    ///   - notes: what is to be said first.
    /// - Throws: ``SystemCallError`` where the host refuses a descriptor or a thread.
    package init(
        on reactor: Reactor,
        supervisor: any AppsSupervisor,
        apps: [AppDefinition],
        rules: RulesSource,
        nonce: UInt64,
        initPipe: Int32? = nil,
        exchange: SupervisorExchange? = nil,
        notes: [LogEntry] = [],
        logStyle: LogStyle
    ) throws(SystemCallError) {
        self.reactor = reactor
        self.supervisor = supervisor
        self.nonce = nonce
        self.initPipe = initPipe
        self.exchange = exchange
        self.notes = notes
        self.logStyle = logStyle
        forwarder = try OutputForwarder(poll: reactor.poll, firstToken: Token.output)
        switch rules {
        case .annotations(let path): watcher = AnnotationsWatcher(path: path)
        case .fixed: watcher = nil
        }
        if let initPipe { try reactor.poll.add(initPipe, .input, token: Token.initPipe) }
        if let exchange { try reactor.poll.add(exchange.descriptor, .input, token: Token.exchange) }
        for definition in apps { open(definition.name, definition) }
    }

    /// Supervises until there is nothing left to do.
    ///
    /// - Returns: the exit code.
    package func run() -> Int32 { reactor.run(self) }

    func begin() {
        notes.forEach(log)
        if !reactor.isSubreaper {
            log(LogEntry(.debug, "cannot become a subreaper; orphans of the apps go to PID 1"))
        }
        deliver(.started)
        guard let watcher else { return }
        watcher.start(at: MonotonicClock.now()).forEach(log)
        if let why = watcher.neverChanges { deliver(.rulesNeverChange(why)) }
        if let descriptor = watcher.descriptor {
            try? reactor.poll.add(descriptor, .input, token: Token.annotations)
        }
        readRules()
    }

    var deadline: Instant? {
        let own = [supervisor.nextDeadline, forwarder.deadline, watcher?.deadline(isIdle: supervisor.isIdle)]
        return (own + apps.values.map(\.checker.deadline)).compactMap { $0 }.min()
    }

    func received(_ signal: Signal) {
        if !reactor.inherited.ignores(signal) { deliver(.signal(signal)) }
    }

    func childrenChanged() {}

    func ended(_ pid: Int32, _ status: ExitStatus) {
        // Anything else is an orphan that came to us. Asked of what was started and not of the supervisor, which may not have
        // been told of the start yet when the end is seen.
        guard let (name, _) = apps.first(where: { $0.value.processes.leader == pid }) else {
            orphansReaped += 1
            return
        }
        // Its last words before the news of its end.
        forwarder.drain(at: MonotonicClock.now())
        if status.code == ExitStatus.signaled(.kill).code, let kill = memory.kill() {
            deliver(.app(name, .ranOutOfMemory(kill)))
        }
        deliver(.app(name, .exited(status)))
    }

    func reaped(_ pid: Int32) {
        for app in apps.values where app.processes.leader == pid { app.processes.reaped() }
    }

    func isReady(_ token: UInt64, at now: Instant) {
        switch token {
        case Token.annotations:
            guard let change = watcher?.drain(at: now) else { return }
            change.entries.forEach(log)
            if change.isDue { readRules() }
        case Token.initPipe:
            if let initPipe { reactor.poll.remove(initPipe) }
            isInitGone = true
            deliver(.initIsGone)
        case Token.exchange: followPosted()
        case Token.checkers..<Token.output:
            guard let (name, app) = apps.first(where: { $0.value.token == token }) else { return }
            follow(app.checker.proceed(), of: name)
        default:
            forwarder.isReady(token, at: now)
        }
    }

    func expire(at now: Instant) {
        if let due = supervisor.nextDeadline, due <= now { deliver(.tick) }
        for (name, app) in apps {
            if let due = app.checker.deadline, due <= now { follow(.done(app.checker.expire()), of: name) }
        }
        forwarder.expire(at: now)
        if let look = watcher?.isDue(at: now) {
            look.entries.forEach(log)
            if look.isDue { readRules() }
        }
    }

    /// Nothing that was started outlives us, and what has been written is passed on.
    func finish() {
        // As PID 1 the kernel ends everything with us (pid_namespaces(7)).
        if !ThisProcess.isProcessOne { reactor.endDescendants() }
        forwarder.close(within: .seconds(1), at: MonotonicClock.now())
        // An end that nobody asked for.
        let report = supervisor.report
        if exitCode != 0, !report.isStopping {
            TerminationLog.write(
                (lastErrors.isEmpty ? report.apps.map(\.condition) : lastErrors).joined(separator: "\n"))
        }
        // Beside a job the next supervisor finds the token there; the init role removes it at the end.
        if initPipe == nil || isInitGone { PrivateDirectory(nonce: nonce).remove() }
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
            let effects = supervisor.handle(next, at: MonotonicClock.now())
            // Before any line says so: who has read that an app is ready may ask at once.
            if !effects.isEmpty { publish() }
            for effect in effects { perform(effect) }
        }
        publish()
    }

    private func publish() { exchange?.publish(supervisor.report, orphansReaped: orphansReaped) }

    private func log(_ entry: LogEntry) {
        if entry.level == .error { lastErrors = lastErrors.suffix(1) + [entry.message] }
        guard let line = logStyle.line(for: entry, at: WallClock.now()) else { return }
        forwarder.write(line + "\n")
    }
}

// MARK: - Requests

extension SupervisorRole {
    func turned(at now: Instant) { exchange?.hasTurned(at: now) }

    func settled() {
        // Orphans are counted, and nothing else may have happened.
        publish()
    }

    private func followPosted() {
        for posted in exchange?.take() ?? [] where exitCode == nil {
            switch posted.request {
            case .ping: posted.reply(nil)
            case .command(let command):
                replies[nextCommand] = posted.reply
                deliver(.command(command, number: nextCommand))
                nextCommand &+= 1
            }
        }
    }
}

// MARK: - Effects

extension SupervisorRole {
    private func perform(_ effect: Effect) {
        switch effect {
        case .app(let name, let effect): perform(effect, for: name)
        case .open(let name, let definition): open(name, definition)
        case .answer(let answer, let number): replies.removeValue(forKey: number)?(answer)
        case .close(let name): apps[name] = nil
        case .lookAtPort(let rule):
            let look: PortLook =
                PortProbe.isTaken(rule.port) ? .taken(holder: PortProbe.holder(of: rule.port)) : .free
            deliver(.portLooked(rule: rule.name, look))
        case .stopPredecessors(let signals):
            predecessors.stop(signals: signals)
        case .killPredecessors:
            predecessors.kill()
        case .surveyPredecessors:
            deliver(.predecessors(remaining: predecessors.count()))
        case .log(let entry): log(entry)
        case .suspend:
            InheritedSignals.stopAsByTerminal()
            // Whether it stopped us or was discarded, we are here, and so are the apps.
            for app in apps.values { app.processes.send(.resume, to: .group) }
        case .exit(let code): exitCode = exitCode ?? code
        }
    }

    private func open(_ name: String, _ definition: AppDefinition) {
        // An app that is there has processes to look after.
        guard apps[name] == nil else { return }
        apps[name] = ServedApp(definition, name: name, nonce: nonce, token: nextToken)
        nextToken += 1
    }

    private func perform(_ effect: AppEffect, for name: String) {
        guard let app = apps[name] else { return }
        switch effect {
        case .launch(let rule): launch(app, for: rule)
        case .signal(let signal, let scope): app.processes.send(signal, to: scope)
        case .survey:
            let rest = app.processes.countRest()
            if let entry = app.takeUnreadable() { log(entry) }
            deliver(.app(name, .surveyed(remaining: rest)))
        case .check(let rule, let isAttributing):
            memory.look(at: MonotonicClock.now())
            let progress = app.check(rule, attributing: isAttributing, at: MonotonicClock.now())
            if let descriptor = app.checker.descriptor {
                try? reactor.poll.add(descriptor, .output, token: app.token)
            }
            follow(progress, of: name)
        case .abandonCheck: endCheck(of: app)
        case .log(let entry): log(entry)
        case .readBack(let rule): app.launcher.readBack(for: rule).forEach(log)
        case .tellLosses: app.launcher.losses().forEach(log)
        case .reportOutput:
            let lines = forwarder.recentLines(of: name)
            guard !lines.isEmpty else { return }
            let report = lines.map { "    \($0)" }.joined(separator: "\n")
            log(LogEntry(.error, "\(name): the last lines of its output were:\n\(report)", of: LogSubject(app: name)))
        case .ended: break
        }
    }

    private func launch(_ app: ServedApp, for rule: IngressRule) {
        let name = app.launcher.name
        do throws(LaunchFailure) {
            let launched = try app.launcher.launch(for: rule, with: &reactor.children)
            app.processes.started(launched.pid)
            memory.look(at: MonotonicClock.now())
            lastErrors = []
            forwarder.forget(name)
            let subject = LogSubject(app: name, pid: launched.pid)
            launched.plan.warnings.forEach { log(LogEntry(.warning, $0, of: subject)) }
            log(LogEntry(.debug, "running \(ShellQuoting.quote(launched.plan.arguments))", of: subject))
            forwarder.forward(launched.output, of: name, to: .output, tag: app.outputTag)
            forwarder.forward(launched.error, of: name, to: .error, tag: app.outputTag)
            deliver(.app(name, .launched(pid: launched.pid)))
        } catch {
            deliver(.app(name, .launchFailed(error)))
        }
        reactor.hasSpawned(for: self)
    }

    private func follow(_ progress: ReadinessChecker.Progress, of name: String) {
        guard let app = apps[name] else { return }
        switch progress {
        case .waiting(let interest):
            guard let descriptor = app.checker.descriptor else { return }
            try? reactor.poll.change(descriptor, interest, token: app.token)
        case .done(let outcome):
            endCheck(of: app)
            deliver(.app(name, .checked(app.attributed(outcome))))
        }
    }

    private func endCheck(of app: ServedApp) {
        if let descriptor = app.checker.descriptor { reactor.poll.remove(descriptor) }
        app.checker.cancel()
    }
}
