package import CraterRunCore
internal import Glibc

/// Looks after apps: turns what happens on the host into events for a ``Supervisor``, and performs the supervisor's
/// effects.
package final class SupervisorRole: Role {
    /// Where the ingress rules come from.
    package enum RulesSource {
        /// An annotations file that is watched.
        case annotations(path: String)
        /// The options `--prefix` and `--port` fix the rule.
        case fixed
    }

    /// A result that a worker posts for the reactor.
    enum Finding: Sendable {
        case rules(RulesFollower.Finding)
        case prepared(app: String, number: UInt64, Result<AppLauncher.Prepared, LaunchFailure>)
        /// The key of the front door's login.
        case login(app: String, LoginKey)
        case homeLogin(Result<LoginKey, LaunchFailure>)
        /// The names of the apps that the home page can offer.
        case offers(Set<String>)
        /// The link that opens an app with its own secret.
        case entrance(app: String, link: String)
        /// Whether an app is at work.
        case activity(app: String, number: UInt64, AppActivity)
        case entries([LogEntry])
    }

    let reactor: Reactor
    private(set) var supervisor: Supervisor
    private let nonce: UInt64
    let storage: RunStorage
    private let sockets: DoorSockets
    private let reader = InstanceReader()
    private lazy var predecessors = Predecessors(nonce: nonce, reader: reader)
    private let notes: [LogEntry]
    private let logStyle: LogStyle
    let forwarder: OutputForwarder
    /// The results that workers have posted.
    let findings: Mailbox<Finding>
    /// One worker for each app. A worker that still waits for the host stays here after its app was removed, and is
    /// used again if the app comes back.
    private var workers: [String: Worker] = [:]
    /// Reads the key of the home page's login.
    let homeLoginWorker = Worker()
    /// Finds out which of the apps that the home page offers are there.
    let offersWorker = Worker()
    /// Nil if the options fix the rule.
    var reads: AnnotationsReads?
    /// A pipe that is at its end when the init role is gone; nil without an init role.
    private let initPipe: Int32?
    /// Publishes the state, and brings commands; nil if no server answers requests.
    private let exchange: SupervisorExchange?

    private(set) var apps: [String: ServedApp] = [:]
    /// The front door; nil as long as no app uses one.
    private var door: DoorChild?
    private var nextLaunch: UInt64 = 0
    private var orphansReaped = 0
    var memory = OutOfMemoryWatch()
    /// The replies to commands that have not been answered yet, by the command's number.
    private var replies: [UInt64: @Sendable (ControlAnswer?) -> Void] = [:]
    private var nextCommand: UInt64 = 0
    private var isInitGone = false
    private var queue: [SupervisorEvent] = []
    private var isDelivering = false
    private(set) var exitCode: Int32?
    /// The last two errors that were logged: often that an app has failed, and the last lines of its output.
    var lastErrors: [LogEntry] = []

    /// - Parameters:
    ///   - nonce: the run's nonce, which marks every process that is started. A supervisor that replaces a killed one
    ///     has the same nonce.
    ///   - storage: where the run keeps what its apps need.
    ///   - sockets: the front door's listening sockets; those of an earlier supervisor are in it.
    ///   - initPipe: a descriptor at which the init role says how the job ended (``JobEnd``), and which is at its end
    ///     when the init role is gone.
    ///   - exchange: where to publish the state, and to take commands.
    ///   - notes: the first entries to log.
    /// - Throws: ``SystemCallError`` if the host refuses a descriptor or a thread.
    package init(
        on reactor: Reactor,
        supervisor: Supervisor,
        rules: RulesSource,
        nonce: UInt64,
        storage: RunStorage? = nil,
        sockets: DoorSockets = DoorSockets(),
        initPipe: Int32? = nil,
        exchange: SupervisorExchange? = nil,
        notes: [LogEntry] = [],
        logStyle: LogStyle
    ) throws(SystemCallError) {
        self.reactor = reactor
        self.supervisor = supervisor
        self.nonce = nonce
        self.storage = storage ?? RunStorage(nonce: nonce)
        self.sockets = sockets
        self.initPipe = initPipe
        self.exchange = exchange
        self.notes = notes
        self.logStyle = logStyle
        forwarder = try OutputForwarder(poll: reactor.poll)
        findings = try Mailbox()
        switch rules {
        case .annotations(let path): reads = AnnotationsReads(follower: RulesFollower(path: path))
        case .fixed: reads = nil
        }
        try reactor.poll.add(findings.descriptor, .input) { [weak self] _ in self?.followFindings() }
        if let initPipe { try reactor.poll.add(initPipe, .input) { [weak self] _ in self?.followInit() } }
        if let exchange { try reactor.poll.add(exchange.descriptor, .input) { [weak self] _ in self?.followPosted() } }
        for definition in supervisor.options.apps { open(definition.name, definition) }
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
        readAnnotations { $0.begin($1) }
    }

    var deadline: MonotonicInstant? {
        let own = [supervisor.nextDeadline, forwarder.deadline, annotationsDeadline]
        return (own + apps.values.flatMap { [$0.checker.deadline, $0.launch?.stalledAt] }).compactMap { $0 }.min()
    }

    var isIdle: Bool { supervisor.isIdle }

    /// A number for a new launch; no other launch of this supervisor has the same.
    func takeLaunchNumber() -> UInt64 {
        defer { nextLaunch &+= 1 }
        return nextLaunch
    }

    func received(_ signal: Signal) {
        guard !reactor.inherited.ignores(signal) else { return }
        // An app that has executed its program, in a report that has not been read yet, is stopped by its own signal. A
        // launch that is abandoned is killed.
        for app in apps.values where app.executing != nil { readReport(of: app) }
        deliver(.signal(signal))
    }

    func childrenChanged() {}

    func ended(_ pid: Int32, _ status: ExitStatus) {
        if door?.ended(pid, status) ?? false { return }
        // The process may have executed its program before it ended, in a report that has not been read yet.
        if let app = apps.values.first(where: { $0.executing?.begun.spawning.pid == pid }) {
            readReport(of: app)
            // If the program was not executed, the process has never been the app.
            guard app.processes.leader == pid else { return }
        }
        // Any process that leads no app is an orphan that became our child. The supervisor's state cannot tell this: it
        // may not have handled the event of the start yet.
        guard let (name, app) = apps.first(where: { $0.value.processes.leader == pid }) else {
            // A process that was forked for a failed launch is no orphan.
            if !reactor.children.started.contains(pid) { orphansReaped += 1 }
            return
        }
        // The app's last output has to be logged before the message about its end.
        forwarder.drain(at: MonotonicClock.now())
        if status.code == ExitStatus.signaled(.kill).code, let kill = memory.kill() {
            deliver(.app(name, .ranOutOfMemory(kill)))
        }
        app.ended()
        deliver(.app(name, .lastWords(forwarder.recentLines(of: name))))
        deliver(.app(name, .exited(status)))
    }

    func reaped(_ pid: Int32) {
        for app in apps.values where app.processes.leader == pid { app.processes.reaped() }
    }

    /// The init role says how the job ended, or is gone.
    private func followInit() {
        var line = [UInt8](repeating: 0, count: 64)
        let count =
            initPipe.map { descriptor in line.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) } }
            ?? 0
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        if count > 0 {
            let text = String(decoding: line.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            if let end = JobEnd(text: text) { deliver(.jobEnded(end)) }
            return
        }
        if let initPipe { reactor.poll.remove(initPipe) }
        isInitGone = true
        deliver(.initIsGone)
    }

    func expire(at now: MonotonicInstant) {
        if let due = supervisor.nextDeadline, due <= now { deliver(.tick) }
        for app in apps.values { app.checker.expire(at: now) }
        for (name, app) in apps {
            if let what = app.takeStall(at: now) { deliver(.app(name, .launchStalled(what: what))) }
        }
        forwarder.expire(at: now)
        expireAnnotationsRead(at: now)
    }

    /// Ends every process that was started, so that none outlives us, and passes on the output that is left.
    func finish() {
        door?.perform(.kill)
        // If we are PID 1, the kernel ends all processes with us (pid_namespaces(7)).
        if !ThisProcess.isProcessOne { reactor.endDescendants() }
        forwarder.close(within: .seconds(1), at: MonotonicClock.now())
        // Nobody asked for this end, so the reason goes into the termination log.
        let report = supervisor.report
        if exitCode != 0, !report.isStopping {
            TerminationLog.write(
                lastErrors.isEmpty ? report.apps.map(\.condition) : lastErrors.flatMap { [$0.message] + $0.below })
        }
        // Beside a job, the directory stays for the next supervisor, which needs the token in it. The init role removes
        // the directory at the end.
        guard initPipe == nil || isInitGone else { return }
        // If the directory's file system does not answer, the directory stays there.
        let directory = storage.directory
        _ = Interruptible.run(within: .seconds(3)) { directory.remove() }
    }

    /// Hands an event to the supervisor, and performs its effects before it returns. Effects may cause further events,
    /// which are handled in the same call.
    func deliver(_ event: SupervisorEvent) {
        queue.append(event)
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while !queue.isEmpty, exitCode == nil {
            let next = queue.removeFirst()
            let effects = supervisor.handle(next, at: MonotonicClock.now())
            // The new state is published before a log line tells of it: a reader of "ready" may ask for the state at
            // once.
            if !effects.isEmpty { publish() }
            for effect in effects { perform(effect) }
        }
        publish()
    }

    private func publish() { exchange?.publish(supervisor.report, orphansReaped: orphansReaped) }

    func log(_ entry: LogEntry) {
        if entry.level == .error { lastErrors = lastErrors.suffix(1) + [entry] }
        guard let line = logStyle.line(for: entry, at: WallClock.now()) else { return }
        forwarder.write(line + "\n")
    }
}

// MARK: - Requests

extension SupervisorRole {
    func turned(at now: MonotonicInstant) { exchange?.hasTurned(at: now) }

    func settled() {
        // The number of reaped orphans may have changed without any event.
        publish()
    }

    private func followPosted() {
        for posted in exchange?.take() ?? [] where exitCode == nil {
            switch posted.request {
            case .ping: posted.reply(nil)
            case .command(let command):
                guard posted.claim?.take() ?? true else { continue }
                replies[nextCommand] = posted.reply
                deliver(.command(command, number: nextCommand))
                nextCommand &+= 1
            }
        }
    }
}

// MARK: - Effects

extension SupervisorRole {
    private func perform(_ effect: SupervisorEffect) {
        switch effect {
        case .app(let name, let effect): perform(effect, for: name)
        case .open(let name, let definition): open(name, definition)
        case .readLogin(let name):
            if let app = apps[name] { readLogin(of: app) }
        case .readHomeLogin: readHomeLogin()
        case .findOffers: findOffers()
        case .answer(let answer, let number): replies.removeValue(forKey: number)?(answer)
        case .close(let name): close(name)
        case .checkPort(let rule):
            // A port that only connections have is nobody else's.
            let isServed = PortProbe.isTaken(rule.port) && PortProbe.connections(at: rule.port) == nil
            let finding: PortFinding =
                isServed ? .taken(holder: PortProbe.holder(of: rule.port, reader: reader)) : .free
            deliver(.portChecked(rule: rule.name, finding))
        case .stopPredecessors(let signals):
            predecessors.stop(signals: signals)
        case .killPredecessors:
            predecessors.kill()
        case .surveyPredecessors:
            deliver(.predecessors(remaining: predecessors.count()))
        case .door(let action): perform(action)
        case .log(let entry): log(entry)
        case .suspend:
            InheritedSignals.stopAsByTerminal()
            // Whether the signal stopped us or was discarded, we run again now, and the apps have to run too.
            for app in apps.values { app.processes.send(.resume, to: .group) }
        case .exit(let code): exitCode = exitCode ?? code
        }
    }

    private func perform(_ action: DoorAction) {
        let door =
            door
            ?? DoorChild(on: reactor, sockets: sockets, output: forwarder, reader: reader) { [weak self] in
                self?.deliver(.door($0))
            }
        self.door = door
        door.perform(action)
    }

    private func open(_ name: String, _ definition: AppDefinition) {
        // An app that exists keeps its object, which knows the app's processes.
        guard apps[name] == nil else { return }
        workers = workers.filter { $0.value.isBusy || apps[$0.key] != nil }
        let worker = workers[name] ?? Worker()
        workers[name] = worker
        apps[name] = ServedApp(
            definition, name: name, nonce: nonce, storage: storage, worker: worker, reader: reader,
            poll: reactor.poll)
    }

    private func close(_ name: String) {
        apps.removeValue(forKey: name)?.checker.cancel()
        forwarder.release(name)
    }

    private func perform(_ action: AppAction, for name: String) {
        guard let app = apps[name] else { return }
        switch action {
        case .launch(let rule): prepare(app, for: rule)
        case .abandonLaunch: abandonLaunch(of: app)
        case .signal(let signal, let scope): app.processes.send(signal, to: scope)
        case .survey:
            let rest = app.processes.countRest()
            if let entry = app.takeUnreadable() { log(entry) }
            deliver(.app(name, .surveyed(remaining: rest)))
        case .check(let backend, let isAttributing):
            memory.readCounters(at: MonotonicClock.now())
            app.check(backend, attributing: isAttributing, at: MonotonicClock.now()) { [weak self] outcome in
                self?.deliver(.app(name, .checked(outcome)))
            }
        case .abandonCheck: app.checker.cancel()
        case .readBack(let place): readBack(app, name, at: place)
        case .findActivity(let place, let number): findActivity(of: app, name, at: place, number: number)
        case .tellLosses: ask(app) { $0.losses() }
        case .holdOutput: forwarder.hold(name)
        case .releaseOutput: forwarder.release(name)
        case .dropOutput: forwarder.drop(name)
        case .readOutput: deliver(.output(app: name, forwarder.recentLines(of: name)))
        case .reportOutput:
            let lines = forwarder.recentLines(of: name).suffix(10)
            guard !lines.isEmpty else { return }
            log(
                LogEntry(
                    .error, "\(name): the last lines of its output were:", below: lines.map { "    \($0)" },
                    of: LogSubject(app: name)))
        }
    }
}
