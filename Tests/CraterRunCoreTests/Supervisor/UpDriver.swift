import CraterRunCore
import Testing

/// Drives the supervisor of several apps through a story, with a world that answers: what is launched runs, what is told to
/// stop stops when the story says so.
struct UpDriver {
    private(set) var supervisor: UpSupervisor
    private(set) var now: Instant
    /// The first processes of apps that run: by name.
    private(set) var running: [String: Process] = [:]
    /// Everything that was done, in order.
    private(set) var done: [Effect] = []
    private(set) var exitCode: Int32?
    /// What became of commands, by number.
    private(set) var answers: [UInt64: ControlAnswer] = [:]
    /// Ports at which somebody listens who is not ours.
    var foreignPorts: Set<UInt16> = []
    /// Whether an app that is told to stop ends at once.
    var stopsAtOnce = true
    /// Whether an app that is launched runs at once; else ``finishLaunch(_:)`` says when.
    var launchesAtOnce = true
    /// Launches under way: by app.
    private(set) var launching: [String: IngressRule] = [:]
    /// How many processes of a supervisor before this one are left.
    var predecessors = 0
    private var opened: Set<String>
    private var queue: [Event] = []
    private var isDelivering = false
    private var nextPid: Int32 = 100

    struct Process {
        let pid: Int32
        let rule: IngressRule
    }

    static let jobStart = Instant(nanoseconds: 1_000_000_000_000)

    init(_ change: (inout UpOptions) -> Void) {
        var options = UpOptions()
        change(&options)
        supervisor = UpSupervisor(options: options, seed: 1)
        now = UpDriver.jobStart
        opened = Set(options.apps.map(\.name))
    }

    /// With TensorBoard, Jupyter and Visdom for whatever rules there are.
    static func automatic(besideJob: Bool = false, _ change: (inout UpOptions) -> Void = { _ in }) -> UpDriver {
        UpDriver { options in
            options.automatic = [.tensorBoard, .jupyter, .visdom].map { AppDefinition.fake($0) }
            if besideJob { options.jobStartedAt = jobStart }
            change(&options)
        }
    }

    var states: [String: AppState] {
        Dictionary(supervisor.apps.map { ($0.name, $0.machine.state) }, uniquingKeysWith: { first, _ in first })
    }

    /// The ports that apps run at.
    var ports: [String: UInt16] { running.mapValues(\.rule.port) }

    /// What was said and done since the last time of asking.
    mutating func takeDone() -> [Effect] {
        defer { done = [] }
        return done
    }

    mutating func read(_ rules: [IngressRule], and more: [String] = [], label: String? = nil) {
        send(.rules(.read(IngressRules(rules, and: more, label: label), complaints: [])))
    }

    /// As the reactor does it: what follows from an effect comes after all effects of one event.
    mutating func send(_ event: Event) {
        queue.append(event)
        guard !isDelivering else { return }
        isDelivering = true
        while !queue.isEmpty, exitCode == nil {
            let next = queue.removeFirst()
            for effect in supervisor.handle(next, at: now) {
                #expect(exitCode == nil, "nothing follows the end")
                done.append(effect)
                perform(effect)
            }
        }
        isDelivering = false
    }

    /// Everything that is due by then happens, each thing at its time.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        var ticks = 0
        while exitCode == nil, let due = supervisor.nextDeadline, due <= end {
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

    /// An app's first process ends.
    mutating func end(_ name: String, _ status: ExitStatus = .exited(code: 0)) {
        guard running.removeValue(forKey: name) != nil else { return }
        send(.app(name, .exited(status)))
    }

    private mutating func perform(_ effect: Effect) {
        switch effect {
        case .app(let name, let effect):
            #expect(opened.contains(name), "\(name) is there")
            perform(effect, for: name)
        case .open(let name, _): #expect(opened.insert(name).inserted, "\(name) is new")
        case .close(let name):
            #expect(opened.remove(name) != nil && running[name] == nil, "\(name) is over")
        case .lookAtPort(let rule):
            let isTaken = foreignPorts.contains(rule.port) || ports.values.contains(rule.port)
            send(.portLooked(rule: rule.name, isTaken ? .taken(holder: "python3 (pid 7)") : .free))
        case .surveyPredecessors: send(.predecessors(remaining: predecessors))
        case .answer(let answer, let number): answers[number] = answer
        case .stopPredecessors, .killPredecessors, .log, .suspend: break
        case .exit(let code): exitCode = code
        }
    }

    private mutating func perform(_ effect: AppEffect, for name: String) {
        switch effect {
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
        case .check: send(.app(name, .checked(.answered(status: 200))))
        default: break
        }
    }

    /// A launch comes to its end: the app runs, or its port is somebody else's.
    mutating func finishLaunch(_ name: String) {
        guard let rule = launching.removeValue(forKey: name) else {
            Issue.record("\(name) is not being launched")
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

/// An app with nothing but an identity.
struct FakeApp: WebApp {
    let identity: AppIdentity
    var executables: [String] { [identity.name] }
    var module: String? { nil }
    var readiness: ReadinessPolicy { ReadinessPolicy(path: "/", interval: .seconds(10)) }
    var stopSignal: Signal { .terminate }
    var environment: EnvironmentEdits { EnvironmentEdits() }
    var dataDirectory: String? { nil }
    var isViewer: Bool { false }

    func arguments(for backend: Backend, on host: HostFacts) throws(FlagConflict) -> [String] { [] }
}

extension AppDefinition {
    static func fake(_ identity: AppIdentity, ruleName: String? = nil, fixedRule: IngressRule? = nil) -> AppDefinition {
        let app = FakeApp(identity: identity)
        let policy = AppPolicy(
            name: identity.name, readiness: app.readiness, stopSignal: app.stopSignal, restart: .always,
            maxRestarts: nil)
        var definition = AppDefinition(app: app, policy: policy)
        definition.ruleName = ruleName
        definition.fixedRule = fixedRule
        return definition
    }
}

extension IngressRule {
    static let board = IngressRule("tensorboard", 6006, "/ingress/board/")
    static let lab = IngressRule("jupyter", 8888, "/ingress/lab/")
    static let plots = IngressRule("visdom", 8097, "/ingress/plots/")
}
