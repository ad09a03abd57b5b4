/// Keeps the front door going: one process that accepts connections at the rules' ports and forwards their requests to
/// the apps. The keeper takes what the supervisor wants and what happens to the door, and returns actions.
///
/// The listening sockets are the supervisor's own. They stay open while a door is started again, so connections wait
/// and are not refused. Sockets of an earlier supervisor stay open, too.
struct DoorKeeper: Sendable {
    private enum Process: Equatable, Sendable {
        case none
        /// The start was asked for, and is not answered yet.
        case starting
        case running(DoorRun)
        /// Another door is started at the time `until`. `why` says what became of the last one.
        case waiting(until: MonotonicInstant, why: String)
    }

    private(set) var listeners: [UInt16: DoorListener] = [:]
    /// The ports with a listening socket of an earlier supervisor. Nobody may want them any more, but that is not known
    /// before the rules are.
    private var inherited: Set<UInt16>
    private(set) var routes = DoorRoutes.none
    /// How each app is used through the door, as the door has said last.
    private(set) var activity: [String: DoorActivity] = [:]
    /// How often a door was started.
    private(set) var starts = 0
    private var process = Process.none
    /// How many doors in a row have ended soon after their start.
    private var quickEnds = 0
    private var listenBackoff: [UInt16: Backoff] = [:]
    private let seed: UInt64

    init(inherited: Set<UInt16>, seed: UInt64) {
        self.inherited = inherited
        self.seed = seed
    }

    /// Whether there is, or has been, anything for a door to do.
    var isUsed: Bool { process != .none || !listeners.isEmpty || !inherited.isEmpty }

    var nextDeadline: MonotonicInstant? {
        var due = listeners.values.compactMap(\.retryAt)
        switch process {
        case .none, .starting: break
        case .running(let run): due.append(run.nextDeadline)
        case .waiting(let until, _): due.append(until)
        }
        return due.min()
    }

    var run: DoorRun? { if case .running(let run) = process { run } else { nil } }

    /// Why nothing is served through the door; nil if all is well, or a new door is on its way.
    var problem: String? {
        if case .waiting(_, let why) = process { "the front door \(why)" } else { nil }
    }

    /// Whether there is a listening socket at the port.
    func isOpen(_ port: UInt16) -> Bool { inherited.contains(port) || listeners[port]?.isOpen ?? false }

    /// Whether the door already deals with the port.
    func knows(_ port: UInt16) -> Bool { inherited.contains(port) || listeners[port] != nil }

    // MARK: What the supervisor wants

    /// Takes the ports at which the door accepts, and what it serves there.
    ///
    /// - Parameters:
    ///   - ports: those of the routes, and those of apps that have no route yet.
    ///   - areAllKnown: whether these are the ports by the current rules, so that no other port is wanted.
    mutating func want(
        ports: Set<UInt16>, routes wanted: [DoorRoute], areAllKnown: Bool, at now: MonotonicInstant
    ) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        // A door that still accepts at a port must know first what is served there.
        if wanted != routes.routes {
            routes = DoorRoutes(generation: routes.generation &+ 1, routes: wanted)
            effects += tell(.routes(routes))
        }
        let gone = listeners.keys.filter { !ports.contains($0) }.sorted()
        let open = gone.filter { listeners[$0]?.isOpen ?? false }
        if !open.isEmpty { effects += tell(.close(ports: open)) }
        for port in gone {
            listeners[port] = nil
            listenBackoff[port] = nil
        }
        effects += open.map { .door(.close($0)) }
        for port in ports.sorted() where listeners[port] == nil {
            listeners[port] = .opening
            effects.append(.door(.listen(port)))
        }
        inherited.subtract(ports)
        // A door is of use as soon as there are sockets: it is ready by the time the rules are known.
        if process == .none, !ports.isEmpty || !inherited.isEmpty { effects += start() }
        if areAllKnown {
            effects += inherited.sorted().map { .door(.close($0)) }
            inherited = []
        }
        return effects
    }

    /// Tries again to listen at a port where that has failed.
    mutating func retry(_ port: UInt16) -> [SupervisorEffect] {
        guard listeners[port]?.failure != nil else { return [] }
        listeners[port] = .opening
        return [.door(.listen(port))]
    }

    // MARK: What happens

    mutating func listening(_ port: UInt16) -> [SupervisorEffect] {
        // The port may not be wanted any more. Its socket is closed again then.
        guard listeners[port] != nil else { return [.door(.close(port))] }
        listeners[port] = .open
        listenBackoff[port] = nil
        return tell(.listen(ports: [port]))
    }

    /// - Returns: whether the reason is new: the last attempt did not fail for the same one.
    mutating func listenFailed(_ port: UInt16, _ failure: LaunchFailure, at now: MonotonicInstant) -> Bool {
        guard listeners[port] != nil else { return false }
        let isFirst = listenBackoff[port] == nil
        var backoff = listenBackoff[port] ?? Backoff(longest: AppTiming.longestPortWait, seed: seed &+ UInt64(port))
        listeners[port] = .failed(failure, retryAt: now.advanced(by: backoff.next()))
        listenBackoff[port] = backoff
        return isFirst
    }

    mutating func started(_ pid: Int32, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard process == .starting else { return [] }
        process = .running(DoorRun(pid: pid, startedAt: now))
        var effects = starts > 1 ? [] : [log(.debug, "the front door is process \(pid)", pid)]
        effects += tell(.routes(routes))
        let open = listeners.filter(\.value.isOpen).keys.sorted()
        if !open.isEmpty { effects += tell(.listen(ports: open)) }
        return effects + follow(at: now) { $0.ticked(at: now) }
    }

    mutating func startFailed(_ reason: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard process == .starting else { return [] }
        quickEnds = max(quickEnds, 1)
        return [log(.error, "cannot start the front door: \(reason)", nil)]
            + startAgain(why: "cannot be started: \(reason)", at: now)
    }

    mutating func ended(_ status: ExitStatus, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard case .running(let run) = process else { return [] }
        let lasted = run.startedAt.duration(to: now)
        let how = "\(status) after \(DurationText.describe(lasted))"
        return [log(.warning, "the front door \(how); starting another", run.pid)]
            + replace(run, why: how, at: now)
    }

    mutating func said(_ reply: DoorReply, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard case .running(var run) = process else { return [] }
        switch reply {
        case .pong(let number): run.answered(number)
        case .serving(let generation): run.serves = generation
        case .activity(let changes):
            for change in changes { activity[change.app] = change }
        case .trouble(let text): return [log(.warning, "front door: \(text)", run.pid)]
        case .command: break
        }
        process = .running(run)
        return []
    }

    mutating func observed(_ standing: ProcessStanding?, at now: MonotonicInstant) -> [SupervisorEffect] {
        follow(at: now) { $0.observed(standing) }
    }

    /// The door can be talked to no more: another one takes its place.
    mutating func linkFailed(_ why: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard case .running(let run) = process else { return [] }
        return [log(.error, "the front door \(why): starting another", run.pid), .door(.kill)]
            + replace(run, why: why, at: now)
    }

    mutating func ticked(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for (port, listener) in listeners.sorted(by: { $0.key < $1.key }) {
            if let due = listener.retryAt, due <= now { effects += retry(port) }
        }
        switch process {
        case .waiting(let until, _) where until <= now: effects += start()
        case .running: effects += follow(at: now) { $0.ticked(at: now) }
        case .none, .starting, .waiting: break
        }
        return effects
    }

    // MARK: Steps

    private mutating func start() -> [SupervisorEffect] {
        process = .starting
        starts += 1
        activity = [:]
        return [.door(.start)]
    }

    private mutating func replace(_ run: DoorRun, why: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        if run.startedAt.duration(to: now) >= DoorTiming.stableAfter { quickEnds = 0 }
        return startAgain(why: why, at: now)
    }

    private mutating func startAgain(why: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        let delays = DoorTiming.restartDelays
        let delay = delays.dropFirst(quickEnds).first ?? delays.last ?? .zero
        quickEnds = min(quickEnds + 1, delays.count)
        guard delay > .zero else { return start() }
        process = .waiting(until: now.advanced(by: delay), why: why)
        return []
    }

    /// Does what the run of the door says; nothing without one.
    private mutating func follow(
        at now: MonotonicInstant, _ decide: (inout DoorRun) -> DoorRun.Step?
    ) -> [SupervisorEffect] {
        guard case .running(var run) = process else { return [] }
        let step = decide(&run)
        process = .running(run)
        switch step {
        case .act(let action): return [.door(action)]
        case .replace(let why): return linkFailed(why, at: now)
        case nil: return []
        }
    }

    private func tell(_ message: DoorMessage) -> [SupervisorEffect] {
        if case .running = process { [.door(.send(message))] } else { [] }
    }

    private func log(_ level: LogLevel, _ message: String, _ pid: Int32?) -> SupervisorEffect {
        .log(LogEntry(level, message, of: LogSubject(pid: pid)))
    }
}

extension DoorKeeper {
    /// What status shows of the door; nil without one.
    var report: DoorReport? {
        guard isUsed else { return nil }
        return DoorReport(
            pid: run?.pid, startedAt: run?.startedAt, starts: starts,
            isServing: run.map { $0.serves == routes.generation } ?? false, problem: problem,
            ports: listeners.filter(\.value.isOpen).keys.sorted(),
            closed: listeners.compactMapValues(\.failure?.reason), activity: activity)
    }
}
