import CraterRunCore
import Testing

/// Drives the supervisor of one app in the foreground through a story.
struct ForegroundDriver {
    private(set) var supervisor: ForegroundSupervisor
    private(set) var now = Instant(nanoseconds: 1_000_000_000_000)

    /// By hand unless told otherwise: two minutes of waiting, and the end at once where waiting does not help.
    init(
        wait: Duration? = .seconds(120),
        failsAtOnce: Bool = true,
        isProcessOne: Bool = false,
        policy: AppPolicy = .tensorBoard(restart: .onFailure, maxRestarts: 5),
        _ change: (inout ForegroundOptions) -> Void = { _ in }
    ) {
        var options = ForegroundOptions(
            app: .tensorBoard,
            wait: wait,
            failsAtOnce: failsAtOnce,
            isProcessOne: isProcessOne
        )
        change(&options)
        supervisor = ForegroundSupervisor(options: options, policy: policy, seed: 1)
    }

    /// As the entry point of a container.
    static func asProcessOne() -> ForegroundDriver {
        ForegroundDriver(wait: nil, failsAtOnce: false, isProcessOne: true, policy: .tensorBoard())
    }

    var state: AppState { supervisor.app.state }
    var untilDeadline: Duration? { supervisor.nextDeadline.map { now.duration(to: $0) } }

    @discardableResult
    mutating func send(_ event: Event) -> [Effect] {
        supervisor.handle(event, at: now)
    }

    @discardableResult
    mutating func read(
        _ rules: [IngressRule], isDamaged: Bool = false, seen: Int = 0, and more: [String] = [], label: String? = nil
    ) -> [Effect] {
        let rules = IngressRules(rules, seen: seen, and: more, label: label)
        return send(.rules(.read(rules, complaints: isDamaged ? ["line 3"] : [])))
    }

    @discardableResult
    mutating func failToRead(_ path: String = "/etc/podinfo/annotations") -> [Effect] {
        send(.rules(.failed(.missing(path: path))))
    }

    /// Time passes until the next deadline, and its tick comes.
    @discardableResult
    mutating func passToDeadline() -> [Effect] {
        guard let due = supervisor.nextDeadline else {
            Issue.record("nothing is due")
            return []
        }
        now = max(now, due)
        return send(.tick)
    }

    mutating func pass(_ duration: Duration) {
        now = now.advanced(by: duration)
    }

    /// Its rule is there from the start, and the app answers.
    mutating func startAndBecomeReady(_ rule: IngressRule = .first) {
        send(.started)
        #expect(read([rule]) == [.app(.launch(rule))])
        becomeReady()
    }

    mutating func becomeReady(pid: Int32 = 100) {
        send(.app(.launched(pid: pid)))
        passToDeadline()
        send(.app(.checked(.answered(status: 200))))
        #expect(state == .ready)
    }

    /// The app ends, and nothing of it is left.
    @discardableResult
    mutating func end(_ status: ExitStatus) -> [Effect] {
        let effects = send(.app(.exited(status)))
        return effects.contains(.app(.survey)) ? send(.app(.surveyed(remaining: 0))) : effects
    }
}

extension Event {
    /// What happens to the one app there is.
    static func app(_ event: AppEvent) -> Event { .app("tensorboard", event) }
}

extension Effect {
    /// What is done for the one app there is.
    static func app(_ effect: AppEffect) -> Effect { .app("tensorboard", effect) }
}

extension [Effect] {
    /// What is said.
    var messages: [String] {
        compactMap { effect in
            if case .log(let entry) = effect { entry.message } else { nil }
        }
    }

    /// All but what is said.
    var actions: [Effect] {
        filter { effect in
            if case .log = effect { false } else { true }
        }
    }
}
