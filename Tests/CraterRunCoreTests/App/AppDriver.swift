import CraterRunCore
import Testing

/// Drives an app's state machine through a story: events at a time that only the story moves.
struct AppDriver {
    private(set) var machine: AppMachine
    /// Everything that was said, with what it is about; in the effects there are the words alone.
    private(set) var said: [LogEntry] = []
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    init(_ policy: AppPolicy = .tensorBoard(), seed: UInt64 = 1) {
        machine = AppMachine(policy: policy, seed: seed)
    }

    var state: AppState { machine.state }

    /// How long it is until the next deadline.
    var untilDeadline: Duration? { machine.nextDeadline.map { now.duration(to: $0) } }

    /// Something happens now.
    @discardableResult
    mutating func send(_ event: AppEvent) -> [AppEffect] {
        machine.handle(event, at: now).map { effect in
            guard case .log(let entry) = effect else { return effect }
            said.append(entry)
            return .log(LogEntry(entry.level, entry.message))
        }
    }

    /// Time passes, with a tick at each deadline on the way.
    ///
    /// - Parameter answer: what each check on the way finds; nil: checks stay unanswered.
    @discardableResult
    mutating func pass(_ duration: Duration, answering answer: CheckOutcome? = nil) -> [AppEffect] {
        let end = now.advanced(by: duration)
        var effects: [AppEffect] = []
        var ticks = 0
        while let due = machine.nextDeadline, due <= end {
            ticks += 1
            guard ticks < 100_000 else {
                Issue.record("the deadline does not move")
                break
            }
            now = max(now, due)
            let new = send(.tick)
            effects += new
            if let answer, new.hasCheck { effects += send(.checked(answer)) }
        }
        now = end
        return effects
    }

    /// Time passes until the next deadline, and its tick comes.
    @discardableResult
    mutating func passToDeadline() -> [AppEffect] {
        guard let duration = untilDeadline else {
            Issue.record("nothing is due")
            return []
        }
        return pass(max(duration, .zero))
    }

    /// The rule appears and the app is spawned.
    mutating func start(_ rule: IngressRule = .first, pid: Int32 = 100) {
        #expect(send(.ruleChanged(rule)).actions == [.launch(rule)])
        send(.launched(pid: pid))
        #expect(state == .starting)
    }

    /// The next check finds the app answering.
    mutating func becomeReady() {
        #expect(passToDeadline().hasCheck)
        send(.checked(.answered(status: 200)))
        #expect(state == .ready)
    }

    mutating func startAndBecomeReady(_ rule: IngressRule = .first, pid: Int32 = 100) {
        start(rule, pid: pid)
        becomeReady()
    }

    /// The backoff ends and the app is spawned again.
    mutating func comeBack(pid: Int32 = 100) {
        #expect(state == .backingOff)
        #expect(passToDeadline().hasLaunch)
        send(.launched(pid: pid))
        #expect(state == .starting)
    }

    /// The next two checks find this, a second apart.
    mutating func failTwoChecks(_ outcome: CheckOutcome = .silent(reason: "nobody listens at its port")) {
        for _ in 0..<2 {
            passToDeadline()
            send(.checked(outcome))
        }
    }
}

extension AppEffect {
    static func info(_ message: String) -> AppEffect { .log(LogEntry(.info, message)) }
    static func warning(_ message: String) -> AppEffect { .log(LogEntry(.warning, message)) }
    static func error(_ message: String) -> AppEffect { .log(LogEntry(.error, message)) }

    static func launch(_ rule: IngressRule) -> AppEffect { .act(.launch(rule)) }
    static var abandonLaunch: AppEffect { .act(.abandonLaunch) }
    static func signal(_ signal: Signal, _ scope: SignalScope) -> AppEffect { .act(.signal(signal, scope)) }
    static var survey: AppEffect { .act(.survey) }
    static func check(_ backend: Backend, attributing: Bool) -> AppEffect {
        .act(.check(backend, attributing: attributing))
    }
    static var abandonCheck: AppEffect { .act(.abandonCheck) }
    static func readBack(_ place: ServingPlace) -> AppEffect { .act(.readBack(place)) }
    static var tellLosses: AppEffect { .act(.tellLosses) }
    static var holdOutput: AppEffect { .act(.holdOutput) }
    static var releaseOutput: AppEffect { .act(.releaseOutput) }
    static var dropOutput: AppEffect { .act(.dropOutput) }
    static var reportOutput: AppEffect { .act(.reportOutput) }
}

extension [AppEffect] {
    /// All but what is said.
    var actions: [AppEffect] {
        filter { effect in
            if case .log = effect { false } else { true }
        }
    }

    /// What is said.
    var messages: [String] {
        compactMap { effect in
            if case .log(let entry) = effect { entry.message } else { nil }
        }
    }

    var checkCount: Int {
        count { effect in
            if case .act(.check) = effect { true } else { false }
        }
    }

    var hasCheck: Bool { checkCount > 0 }

    var hasLaunch: Bool {
        contains { effect in
            if case .act(.launch) = effect { true } else { false }
        }
    }

    var hasEnd: Bool {
        contains { effect in
            if case .ended = effect { true } else { false }
        }
    }
}
