import CraterRunCore
import Testing

/// Commands at any time, among everything else that happens.
struct AppMachineCommandPropertyTests {
    @Test(arguments: [nil, 2])
    func doesWhatItWasLastToldWhateverHappens(maxRestarts: Int?) {
        for life in 0..<100 {
            var random = SplitMix(seed: UInt64(life))
            var policy = AppPolicy.tensorBoard(maxRestarts: maxRestarts)
            policy.restartUnresponsive = life.isMultiple(of: 2) ? .seconds(20) : nil
            var world = CommandedWorld(policy, seed: UInt64(life))
            for _ in 0..<300 { world.step(using: &random) }
            #expect(world.broken == [], "life \(life)")
        }
    }
}

/// An app whose rule stays, whose checks are answered at once, and that ends when it likes or is told to.
private struct CommandedWorld {
    private(set) var broken: [String] = []
    private var app: AppDriver
    private var isAlive = false
    private var pid: Int32 = 1
    /// What the last command was, as long as nothing else may follow from it.
    private var isToRun = true

    init(_ policy: AppPolicy, seed: UInt64) {
        app = AppDriver(policy, seed: seed)
        deliver(.ruleChanged(.first))
    }

    mutating func step(using random: inout SplitMix) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: command(.startRequested, isToRun: true)
        case 1: command(.restartRequested, isToRun: true)
        case 2: command(.stopRequested(isShutdown: false), isToRun: false)
        case 18: deliver(.sleepRequested(after: .seconds(7200)))
        case 19: deliver(.used)
        case 3..<6 where isAlive: end(.exited(code: 1))
        case 6..<9 where app.state == .stopping && isAlive: end(.signaled(.terminate))
        default:
            let isSilent = Int.random(in: 0..<3, using: &random) == 0
            tick(isSilent ? .silent(reason: "silence") : .answered(status: 200))
        }
        check()
    }

    private mutating func command(_ event: AppEvent, isToRun: Bool) {
        // What has failed has no process to stop, and stays as it is.
        if app.state != .failed || isToRun { self.isToRun = isToRun }
        deliver(event)
    }

    private mutating func tick(_ outcome: CheckOutcome) {
        guard app.machine.nextDeadline != nil else { return }
        for effect in app.passToDeadline() { perform(effect, outcome) }
    }

    private mutating func end(_ status: ExitStatus) {
        isAlive = false
        deliver(.exited(status))
    }

    private mutating func deliver(_ event: AppEvent) {
        for effect in app.send(event) { perform(effect, .answered(status: 200)) }
    }

    private mutating func perform(_ effect: AppEffect, _ outcome: CheckOutcome) {
        switch effect {
        case .act(.launch):
            promise(!isAlive, "one process at a time")
            promise(isToRun, "what was stopped stays so")
            pid += 1
            isAlive = true
            deliver(.launched(pid: pid))
        case .act(.check): for effect in app.send(.checked(outcome)) { perform(effect, outcome) }
        case .act(.survey): deliver(.surveyed(remaining: 0))
        case .act(.signal(.kill, .tree)) where isAlive && app.machine.pid != nil: end(.signaled(.kill))
        default: break
        }
    }

    private mutating func check() {
        promise(isAlive == (app.machine.pid != nil), "it knows whether it runs")
        switch app.state {
        case .waiting, .starting, .ready, .unready, .backingOff, .failed:
            promise(isToRun, "\(app.state) though stopped")
        case .asleep: promise(isToRun && !isAlive, "asleep though stopped")
        case .stopped: promise(!isToRun && !isAlive, "stopped though it is to run")
        case .stopping: promise(isAlive, "nothing is there to stop")
        }
    }

    private mutating func promise(_ isKept: Bool, _ text: String) {
        if !isKept, broken.count < 5 { broken.append(text) }
    }
}
