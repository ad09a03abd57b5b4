import CraterRunCore
import Testing

/// Drives a supervisor through a story. Where the world answers, what is launched runs, and what is told to stop stops when the
/// story says so; else the story says everything.
struct SupervisorDriver {
    private(set) var supervisor: Supervisor
    private(set) var now = SupervisorDriver.jobStart
    /// The first processes of apps that run: by name.
    private(set) var running: [String: Process] = [:]
    /// Everything that was done, in order.
    private(set) var done: [SupervisorEffect] = []
    private(set) var exitCode: Int32?
    /// What became of commands, by number.
    private(set) var answers: [UInt64: ControlAnswer] = [:]
    /// What has become of the front door.
    var door = DoorWorld()
    /// Ports at which somebody listens who is not ours.
    var foreignPorts: Set<UInt16> = []
    /// Whether an app that is told to stop ends at once.
    var stopsAtOnce = true
    /// Whether an app that is launched runs at once; else ``finishLaunch(_:)`` says when.
    var launchesAtOnce = true
    /// Whether a readiness check is answered at once.
    var answersChecks = true
    /// Whether apps are at work, as they say; nil for no answer.
    var activity: AppActivity?
    /// Launches under way: by app.
    private(set) var launching: [String: IngressRule] = [:]
    /// How many processes of a supervisor before this one are left.
    var predecessors = 0
    private let isAnswering: Bool
    private var opened: Set<String>
    private var queue: [SupervisorEvent] = []
    private var isDelivering = false
    private var nextPid: Int32 = 100

    struct Process {
        let pid: Int32
        let rule: IngressRule
        /// Whether it listens at a port of its own, behind the front door.
        var isBehindDoor = false
    }

    static let jobStart = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    init(_ change: (inout SupervisorOptions) -> Void) {
        var options = SupervisorOptions()
        change(&options)
        self.init(options, isAnswering: true)
    }

    private init(_ options: SupervisorOptions, isAnswering: Bool) {
        self.isAnswering = isAnswering
        supervisor = Supervisor(options: options, seed: 1)
        door = DoorWorld(open: options.openPorts)
        opened = Set(options.apps.map(\.name))
    }

    /// With TensorBoard, Jupyter and Visdom for whatever rules there are.
    static func automatic(
        besideJob: Bool = false, _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) -> SupervisorDriver {
        SupervisorDriver { options in
            options.automatic = [.tensorBoard, .jupyter, .visdom].map { AppDefinition.fake($0) }
            if besideJob { options.jobStartedAt = jobStart }
            change(&options)
        }
    }

    /// With TensorBoard, which has been ready behind the front door for a while.
    static func behindDoor() -> SupervisorDriver {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard, door: DoorUse())] }
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(20))
        #expect(up.states == ["tensorboard": .ready] && up.door.starts == 1)
        return up
    }

    /// One app in the foreground, and a world that does not answer. By hand unless told otherwise: two minutes of waiting, and
    /// the end at once where waiting does not help.
    static func foreground(
        wait: Duration? = .seconds(120),
        failsAtOnce: Bool = true,
        policy: AppPolicy = .tensorBoard(restart: .onFailure, maxRestarts: 5),
        _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) -> SupervisorDriver {
        let foreground = SupervisorOptions.Foreground(wait: wait, failsAtOnce: failsAtOnce)
        let app = FakeApp(identity: .tensorBoard)
        var options = SupervisorOptions(foreground: foreground, app: AppDefinition(app: app, policy: policy))
        change(&options)
        return SupervisorDriver(options, isAnswering: false)
    }

    /// One app in the foreground, as the entry point of a container.
    static func asProcessOne() -> SupervisorDriver {
        foreground(wait: nil, failsAtOnce: false, policy: .tensorBoard()) { $0.isProcessOne = true }
    }

    var states: [String: AppState] {
        Dictionary(supervisor.apps.map { ($0.name, $0.machine.state) }, uniquingKeysWith: { first, _ in first })
    }

    /// The ports that apps run at.
    var ports: [String: UInt16] { running.filter { !$0.value.isBehindDoor }.mapValues(\.rule.port) }

    /// An app's route, as the front door has it.
    func route(of name: String) -> DoorRoute? { door.routes.routes.first { $0.app == name } }

    /// What was said and done since the last time of asking.
    mutating func takeDone() -> [SupervisorEffect] {
        defer { done = [] }
        return done
    }

    @discardableResult
    mutating func read(
        _ rules: [IngressRule], isDamaged: Bool = false, seen: Int = 0, and more: [String] = [], label: String? = nil
    ) -> [SupervisorEffect] {
        let rules = IngressRules(rules, seen: seen, and: more, label: label)
        return send(.rules(.read(rules, complaints: isDamaged ? ["line 3"] : [])))
    }

    @discardableResult
    mutating func failToRead(_ path: String = "/etc/podinfo/annotations") -> [SupervisorEffect] {
        send(.rules(.failed(.missing(path: path))))
    }

    /// As the reactor does it: what follows from an effect comes after all effects of one event.
    ///
    /// - Returns: what was done.
    @discardableResult
    mutating func send(_ event: SupervisorEvent) -> [SupervisorEffect] {
        queue.append(event)
        guard !isDelivering else { return [] }
        isDelivering = true
        let before = done.count
        while !queue.isEmpty, exitCode == nil {
            let next = queue.removeFirst()
            for effect in supervisor.handle(next, at: now) {
                #expect(exitCode == nil, "nothing follows the end")
                done.append(effect)
                perform(effect)
            }
        }
        isDelivering = false
        return Array(done.dropFirst(before))
    }

    /// Time passes. Where the world answers, everything that is due by then happens, each thing at its time.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        var ticks = 0
        while isAnswering, exitCode == nil, let due = supervisor.nextDeadline, due <= end {
            ticks += 1
            guard ticks < 100_000 else {
                Issue.record("the deadline does not move")
                return
            }
            now = max(now, due)
            send(.tick)
        }
        now = end
    }

    /// Time passes while the supervisor itself is stopped: what is due comes all at once, and late.
    mutating func beStopped(for duration: Duration) {
        now = now.advanced(by: duration)
        send(.tick)
    }

    /// An app's first process ends.
    mutating func end(_ name: String, _ status: ExitStatus = .exited(code: 0)) {
        guard running.removeValue(forKey: name) != nil else { return }
        send(.app(name, .exited(status)))
    }

    private mutating func perform(_ effect: SupervisorEffect) {
        switch effect {
        case .app(let name, let effect):
            #expect(opened.contains(name), "\(name) is there")
            if isAnswering { perform(effect, for: name) }
        case .open(let name, _): #expect(opened.insert(name).inserted, "\(name) is new")
        case .close(let name):
            #expect(opened.remove(name) != nil && running[name] == nil, "\(name) is over")
        case .checkPort(let rule):
            let isTaken = foreignPorts.contains(rule.port) || ports.values.contains(rule.port)
            send(.portChecked(rule: rule.name, isTaken ? .taken(holder: "python3 (pid 7)") : .free))
        case .surveyPredecessors: send(.predecessors(remaining: predecessors))
        case .answer(let answer, let number): answers[number] = answer
        case .door(let action):
            if isAnswering {
                for event in door.perform(action, taken: foreignPorts.union(ports.values), at: now) {
                    send(.door(event))
                }
            }
        case .stopPredecessors, .killPredecessors, .readLogin, .readHomeLogin, .findOffers, .log, .suspend: break
        case .exit(let code): exitCode = code
        }
    }

    private mutating func perform(_ action: AppAction, for name: String) {
        switch action {
        case .launch(let rule):
            #expect(running[name] == nil && launching[name] == nil, "\(name) runs once")
            launching[name] = rule
            if launchesAtOnce { finishLaunch(name) }
        case .abandonLaunch:
            #expect(launching.removeValue(forKey: name) != nil, "only a launch that is under way is abandoned")
        case .signal(.terminate, .group):
            if stopsAtOnce { end(name, .signaled(.terminate)) }
        case .signal(.kill, .tree): end(name, .signaled(.kill))
        case .survey: send(.app(name, .surveyed(remaining: 0)))
        case .findActivity(_, let number):
            if let activity { send(.activity(app: name, number: number, activity)) }
        case .check where answersChecks: send(.app(name, .checked(.answered(status: 200))))
        default: break
        }
    }

    /// A launch comes to its end: the app runs, or its port is somebody else's.
    mutating func finishLaunch(_ name: String) {
        guard let rule = launching.removeValue(forKey: name) else {
            Issue.record("\(name) is not being launched")
            return
        }
        let isBehindDoor = supervisor.apps.first { $0.name == name }?.machine.policy.door != nil
        if isBehindDoor {
            #expect(door.open.contains(rule.port), "the door listens at port \(rule.port) first")
            running[name] = Process(pid: nextPid, rule: rule, isBehindDoor: true)
            nextPid += 1
            send(.app(name, .launched(pid: nextPid - 1, behindDoorAt: .port(UInt16(40_000 + nextPid - 1)))))
            return
        }
        if foreignPorts.contains(rule.port) {
            send(.app(name, .launchFailed(.portBusy(port: rule.port, holder: "python3 (pid 7)"))))
            return
        }
        #expect(!ports.values.contains(rule.port), "no two apps at port \(rule.port)")
        running[name] = Process(pid: nextPid, rule: rule)
        nextPid += 1
        send(.app(name, .launched(pid: nextPid - 1)))
    }
}
