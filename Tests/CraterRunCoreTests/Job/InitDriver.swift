import CraterRunCore
import Testing

/// Drives the init role's machine through a story.
struct InitDriver {
    private(set) var machine: InitMachine
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000_000)
    private let began = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    /// Beside a supervisor and not as PID 1, unless told otherwise.
    init(_ change: (inout InitOptions) -> Void = { _ in }) {
        var options = InitOptions(isProcessOne: false)
        change(&options)
        machine = InitMachine(options: options, seed: 1)
    }

    var untilDeadline: Duration? { machine.nextDeadline.map { now.duration(to: $0) } }
    /// Since the beginning.
    var elapsed: Duration { began.duration(to: now) }

    @discardableResult
    mutating func send(_ event: InitEvent) -> [InitEffect] {
        machine.handle(event, at: now)
    }

    @discardableResult
    mutating func signal(_ signal: Signal) -> [InitEffect] {
        send(.signal(signal, isIgnored: false))
    }

    mutating func pass(_ duration: Duration) {
        now = now.advanced(by: duration)
    }

    /// Time passes until the next deadline, and its tick comes.
    @discardableResult
    mutating func passToDeadline() -> [InitEffect] {
        guard let due = machine.nextDeadline else {
            Issue.record("nothing is due")
            return []
        }
        now = max(now, due)
        return send(.tick)
    }

    mutating func startJob() {
        #expect(send(.started) == [.launchJob])
        #expect(send(.jobForked) == [])
        #expect(send(.jobLaunched) == [])
    }

    /// The job runs, and the supervisor beside it.
    mutating func startBoth() {
        startJob()
        #expect(passToDeadline() == [.launchSupervisor(attempt: 1)])
        send(.supervisorLaunched)
        #expect(untilDeadline == nil)
    }

    /// The job ends and is reaped.
    @discardableResult
    mutating func endJob(_ status: ExitStatus = .exited(code: 0)) -> [InitEffect] {
        #expect(send(.jobEnded(status)) == [.takeTerminal])
        return send(.settled)
    }

    /// The supervisor ends and is reaped; then `leftOvers` are there besides.
    @discardableResult
    mutating func endSupervisor(_ status: ExitStatus = .exited(code: 0), leftOvers: Int = 0) -> [InitEffect] {
        let effects = send(.supervisorEnded(status)) + send(.settled)
        return effects.contains(.survey) ? effects + send(.surveyed(leftOvers: leftOvers)) : effects
    }
}

extension [InitEffect] {
    /// What is said.
    var messages: [String] {
        compactMap { effect in
            if case .log(let entry) = effect { entry.message } else { nil }
        }
    }

    /// All but what is said.
    var actions: [InitEffect] {
        filter { effect in
            if case .log = effect { false } else { true }
        }
    }
}
