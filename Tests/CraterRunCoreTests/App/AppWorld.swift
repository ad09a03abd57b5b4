import CraterRunCore

/// A world of random events around the machine. It performs effects in the simplest way, and notes each promise that the
/// machine breaks.
struct AppWorld {
    private(set) var machine: AppMachine
    private(set) var broken: [String] = []
    private var now = MonotonicInstant(nanoseconds: 0)
    /// The first process, until its exit was told.
    private var isAlive = false
    private var hasLeftovers = false
    private var pendingCheck = false
    private var pendingSurvey = false
    private var pendingLaunch: IngressRule?
    private var killedAt: MonotonicInstant?
    private var hasEnded = false
    private var holdsOutput = false
    private var pid: Int32 = 1
    /// Whether users and the supervisor say what is to be done, beside rules and stops.
    private let hasCommands: Bool
    /// Whether the last command was no stop.
    private var isToRun = true
    private var isLeftOut = false
    /// The transitions that were seen, as docs/states.md draws them.
    private(set) var transitions: Set<String> = []

    init(_ machine: AppMachine, hasCommands: Bool = false) {
        self.machine = machine
        self.hasCommands = hasCommands
    }

    mutating func step(using random: inout SplitMix) {
        if hasCommands, Int.random(in: 0..<10, using: &random) == 0 { return command(using: &random) }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40:
            tick(late: Bool.random(using: &random) ? .zero : .milliseconds(Int.random(in: 0..<90_000, using: &random)))
        case 40..<55 where pendingCheck: answerCheck(using: &random)
        case 40..<55: deliver(.checked(.answered(status: 200)), using: &random)
        case 55..<65 where pendingSurvey: answerSurvey(using: &random)
        case 65..<72 where isAlive: exit(using: &random)
        case 65..<78 where pendingLaunch != nil: answerLaunch(using: &random)
        case 72..<82:
            let rules: [IngressRule?] = [nil, .first, .firstRenamed, .second, .third]
            deliver(.ruleChanged(rules[Int.random(in: 0..<rules.count, using: &random)]), using: &random)
        case 82: deliver(.stopRequested(isShutdown: Bool.random(using: &random)), using: &random)
        case 83 where Int.random(in: 0..<4, using: &random) == 0: deliver(.killRequested, using: &random)
        case 84..<88: deliver(.forward(.hangup), using: &random)
        case 88, 89: deliver(.sleepRequested(after: .seconds(7200)), using: &random)
        case 90: deliver(.used, using: &random)
        default: now = now.advanced(by: .milliseconds(Int.random(in: 0..<3000, using: &random)))
        }
        if pendingSurvey, !hasEnded { answerSurvey(using: &random) }
    }

    private mutating func command(using random: inout SplitMix) {
        switch Int.random(in: 0..<9, using: &random) {
        // An app that answers no longer is likely to end.
        case 0..<6 where isAlive && machine.state == .unready: exit(using: &random)
        case 0..<3: deliver(.startRequested, using: &random)
        case 3: deliver(.restartRequested, using: &random)
        case 4: deliver(.stopRequested(isShutdown: false), using: &random)
        case 5: deliver(.portWanted(by: "jupyter"), using: &random)
        case 6: deliver(.leftOut(reason: "crater-run hung"), using: &random)
        case 7: deliver(.launchStalled(what: "/home"), using: &random)
        case 8 where isAlive: runOutOfMemory(using: &random)
        default: break
        }
    }

    private mutating func runOutOfMemory(using random: inout SplitMix) {
        let isStopping = machine.state == .stopping
        deliver(.ranOutOfMemory(OutOfMemoryKill(.unknown)), using: &random)
        isAlive = false
        deliver(.exited(.signaled(.kill)), using: &random)
        promise(isStopping || machine.history.reason?.contains("memory") == true, "it says that memory had run out")
    }

    private mutating func tick(late: Duration) {
        guard let due = machine.nextDeadline else { return deliverTick() }
        now = max(now, due).advanced(by: late)
        deliverTick()
        promise(machine.nextDeadline.map { $0 > now } ?? true, "the deadline moves on")
    }

    private mutating func deliverTick() {
        var none = SplitMix(seed: UInt64(now.nanoseconds % 1000))
        deliver(.tick, using: &none)
    }

    private mutating func answerCheck(using random: inout SplitMix) {
        pendingCheck = false
        let outcomes: [CheckOutcome] = [
            .answered(status: 200), .answered(status: 200), .answered(status: 200), .answered(status: 404),
            .answered(status: 500), .answered(status: 500), .answeredUnattributed(status: 200),
            .answeredByAnother(holder: nil), .loopbackOnly(port: 1), .silent(reason: "silence"),
            .listensElsewhere(ports: [2]), .loopbackPorts([3]),
        ]
        deliver(.checked(outcomes[Int.random(in: 0..<outcomes.count, using: &random)]), using: &random)
    }

    private mutating func answerSurvey(using random: inout SplitMix) {
        pendingSurvey = false
        hasLeftovers = hasLeftovers && Int.random(in: 0..<4, using: &random) != 0
        deliver(.surveyed(remaining: hasLeftovers ? 1 : 0), using: &random)
    }

    private mutating func exit(using random: inout SplitMix) {
        let statuses: [ExitStatus] = [
            .exited(code: 0), .exited(code: 1), .signaled(.terminate), .signaled(.kill), .unknown,
        ]
        if Bool.random(using: &random) { deliver(.lastWords(["a: error: x"]), using: &random) }
        isAlive = false
        hasLeftovers = Bool.random(using: &random)
        deliver(.exited(statuses[Int.random(in: 0..<statuses.count, using: &random)]), using: &random)
    }

    private mutating func deliver(_ event: AppEvent, using random: inout SplitMix) {
        let former = machine.state
        note(event)
        let effects = machine.handle(event, at: now)
        if former != machine.state { transitions.insert("\(former.drawn) --> \(machine.state.drawn)") }
        // Another rule is another chance for what has failed.
        if former == .failed, case .ruleChanged = event, effects.hasLaunch { hasEnded = false }
        if hasEnded { promise(effects == [], "nothing follows its end, not \(effects) after \(event)") }
        if case .forward = event {
            promise(effects.count == (isAlive ? 1 : 0), "a process gets its signal: \(effects)")
        }
        if case .leftOut = event, effects != [] { isLeftOut = true }
        for effect in effects { perform(effect, of: event) }
        // Most often at once; else later, with anything in between.
        if effects.hasLaunch, Int.random(in: 0..<4, using: &random) != 0 {
            answerLaunch(using: &random)
        } else {
            check()
        }
    }

    /// What the event changes of what may follow.
    private mutating func note(_ event: AppEvent) {
        switch event {
        case .startRequested, .restartRequested:
            isToRun = true
            isLeftOut = false
            hasEnded = false
        case .stopRequested, .killRequested:
            // What has failed has no process to stop, and stays as it is.
            if machine.state != .failed { isToRun = false }
        default: break
        }
    }

    /// Where a process that is there serves.
    private var served: ServingPlace? { machine.servedRule.map(ServingPlace.init(direct:)) }

    private mutating func perform(_ effect: AppEffect, of event: AppEvent) {
        switch effect {
        case .act(.launch(let rule)):
            if isAlive { giveUp() }
            promise(pendingLaunch == nil, "one launch at a time")
            pendingLaunch = rule
            promise(rule == machine.rule, "the newest rule is the one to launch by")
            promise(isToRun, "what was stopped stays so")
            promise(!isLeftOut, "what is left out waits for a user")
        case .act(.signal(_, .leader)), .act(.signal(_, .group)):
            promise(isAlive, "signals go to a process that is there: \(effect) after \(event)")
        case .act(.signal(let signal, .tree)):
            if signal == .kill { killedAt = killedAt ?? now }
        case .act(.abandonLaunch):
            promise(pendingLaunch != nil, "only a launch that is under way is abandoned")
            pendingLaunch = nil
        case .act(.survey): pendingSurvey = true
        case .act(.check(let backend, _)):
            promise(isAlive && !pendingCheck, "one check at a time, of a process that is there")
            promise(backend == served?.backend, "what is checked is what is served")
            pendingCheck = true
        case .act(.abandonCheck):
            promise(pendingCheck, "only a check that is under way is abandoned")
            pendingCheck = false
        case .ended:
            if isAlive { giveUp() }
            hasEnded = true
        case .act(.readBack(let place)):
            promise(
                isAlive && place == served, "what is read back is what a process that is there serves by")
        case .act(.tellLosses): promise(isAlive, "losses are told of a process that is there")
        case .act(.holdOutput):
            promise(!holdsOutput, "output is held back once")
            holdsOutput = true
        case .act(.releaseOutput), .act(.dropOutput):
            promise(holdsOutput, "only what is held back is released or dropped")
            holdsOutput = false
        case .log, .act(.reportOutput), .act(.readOutput), .act(.findActivity): break
        }
    }

    /// The machine takes the process for gone, which is right only a while after SIGKILL.
    private mutating func giveUp() {
        promise(
            killedAt.map { $0.duration(to: now) >= AppTiming.giveUpAfterKill } ?? false,
            "a process that is there is not forgotten"
        )
        isAlive = false
    }

    private mutating func answerLaunch(using random: inout SplitMix) {
        guard let rule = pendingLaunch else { return }
        pendingLaunch = nil
        promise(!isAlive, "no second launch without an exit")
        promise(machine.rule?.address == rule.address, "what is launched is what is to be served")
        promise(machine.state == .starting && machine.pid == nil, "it is starting while it is launched")
        switch Int.random(in: 0..<40, using: &random) {
        case 0: deliver(.launchFailed(.notFound("nothing")), using: &random)
        case 1..<8: deliver(.launchFailed(.portBusy(port: 1, holder: nil)), using: &random)
        default:
            pid += 1
            isAlive = true
            killedAt = nil
            deliver(.launched(pid: pid), using: &random)
            promise(machine.pid == pid, "it knows its process")
        }
    }

    private mutating func check() {
        let hasDeadline = machine.nextDeadline != nil
        let state = machine.state
        if machine.pid == nil, isAlive { giveUp() }
        switch state {
        case .waiting, .stopped, .asleep, .failed:
            promise(machine.pid == nil && !hasDeadline && !pendingCheck, "nothing is due when \(state)")
        case .backingOff: promise(machine.pid == nil && hasDeadline, "the end of backing off is due")
        case .starting where pendingLaunch != nil:
            promise(machine.pid == nil && !isAlive && !pendingCheck, "nothing is there while it is launched")
        case .starting, .ready, .unready:
            promise(isAlive && machine.pid == pid, "its process is there when \(state)")
            // The end of --restart-unresponsive is due beside a check that is under way.
            let hasLimit = state == .unready && machine.policy.restartUnresponsive != nil
            promise(
                hasDeadline != pendingCheck || hasLimit && hasDeadline,
                "either a check is due or one is under way when \(state)")
        case .stopping:
            promise(machine.pid == pid && hasDeadline && !pendingCheck, "SIGKILL or its end is due when stopping")
        }
        promise((machine.servedRule == nil) == (machine.pid == nil), "a process has its rule")
        promise(pendingLaunch == nil || state == .starting, "nothing is launched when \(state)")
        promise(hasEnded == [.stopped, .failed].contains(state), "the end is told when it comes")
    }

    private mutating func promise(_ isKept: Bool, _ text: @autoclosure () -> String) {
        if !isKept, broken.count < 5 { broken.append(text()) }
    }
}

extension AppState {
    /// Its name in the drawing of docs/states.md.
    fileprivate var drawn: String { rawValue.replacing("-", with: "_") }
}
