import CraterRunCore
import Testing

/// Stories of one app, to which the world does not answer by itself.
extension SupervisorDriver {
    var app: AppMachine { supervisor.apps[0].machine }
    var state: AppState { app.state }
    var untilDeadline: Duration? { supervisor.nextDeadline.map { now.duration(to: $0) } }

    /// Time passes until the next deadline, and its tick comes.
    @discardableResult
    mutating func passToDeadline() -> [SupervisorEffect] {
        guard let due = supervisor.nextDeadline else {
            Issue.record("nothing is due")
            return []
        }
        pass(max(now.duration(to: due), .zero))
        return send(.tick)
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
    mutating func end(_ status: ExitStatus) -> [SupervisorEffect] {
        let effects = send(.app(.exited(status)))
        return effects.contains(.app(.survey)) ? send(.app(.surveyed(remaining: 0))) : effects
    }
}

extension SupervisorEvent {
    /// What happens to the one app there is.
    static func app(_ event: AppEvent) -> SupervisorEvent { .app("tensorboard", event) }
}

extension SupervisorEffect {
    /// What is done for the one app there is.
    static func app(_ action: AppAction) -> SupervisorEffect { .app("tensorboard", action) }
}

extension [SupervisorEffect] {
    /// What is said.
    var messages: [String] {
        compactMap { effect in
            if case .log(let entry) = effect { entry.message } else { nil }
        }
    }

    /// All but what is said.
    var actions: [SupervisorEffect] {
        filter { effect in
            if case .log = effect { false } else { true }
        }
    }
}
