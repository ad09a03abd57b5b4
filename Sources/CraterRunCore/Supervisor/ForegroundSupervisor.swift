/// How one app is served in the foreground.
package struct ForegroundOptions: Equatable, Sendable {
    package let app: AppIdentity
    /// `--rule`: the one rule to serve by.
    package var ruleName: String?
    /// `--prefix` and `--port`: instead of any rule.
    package var fixedRule: IngressRule?
    /// `--public-host`: the host of the access URL.
    package var publicHost: PublicHost?
    /// How long to wait for the rule; nil: for ever.
    package var wait: Duration?
    /// Whether what waiting is not likely to mend (no annotations file, a bad rule, two candidates) ends it at once: so
    /// by hand, unless the user asked to wait.
    package var failsAtOnce: Bool
    /// As PID 1 nobody could continue us if we stopped.
    package var isProcessOne: Bool

    package init(app: AppIdentity, wait: Duration?, failsAtOnce: Bool, isProcessOne: Bool) {
        self.app = app
        self.wait = wait
        self.failsAtOnce = failsAtOnce
        self.isProcessOne = isProcessOne
    }
}

/// Serves one app in the foreground: finds its rule, waits for it, follows its changes, and turns signals and the app's
/// end into an exit code. Events in, effects out.
package struct ForegroundSupervisor: AppsSupervisor {
    /// EX_CONFIG of sysexits.h.
    package static let configurationError: Int32 = 78
    /// How soon after the first a second, equal signal is the same request once more, and no impatience.
    private static let echo = Duration.milliseconds(100)
    /// How long the first look at the annotations file may take at least, however short the waiting is to be.
    private static let firstLook = Duration.seconds(3)

    package let options: ForegroundOptions
    package private(set) var app: AppMachine
    var waitUntil: Instant?
    /// When the waiting is over, until the first look at the annotations file has come off; nil afterwards, and without a limit.
    private var waitAfterLook: Instant?
    /// Whether the annotations file was once whole: from then on nothing less replaces what was read.
    private var hasReadRules = false
    /// The rules that were last read.
    var rules: IngressRules?
    /// How often they changed.
    var ruleReloads = 0
    /// What is wrong with the annotations file, or why it cannot be read.
    var fileComplaint: String?
    /// Whether there was once a rule to serve by: from then on a rule that is gone is waited for.
    private var hasServed = false
    /// The problems of the last reading, so that each is said once.
    private var saidProblems: Set<String> = []
    /// What was last said about a rule that is missing or a file that cannot be read.
    var lastComplaint: String?
    /// Why the annotations file could not be read, as long as that is so.
    var readFailure: String?
    /// Why the file will stay as it is, if it will.
    var neverChanges: String?
    /// Why there is a rule for the app, or there are several, and none to serve by.
    private var obstacle: String?
    /// The job's name on the platform.
    private var taskName: String?
    /// The signal that asked for the stop, and when.
    var stopSignal: Signal?
    var stopAskedAt = Instant(nanoseconds: 0)

    package init(options: ForegroundOptions, policy: AppPolicy, seed: UInt64) {
        self.options = options
        app = AppMachine(policy: policy, seed: seed)
    }

    /// When the next ``Event/tick`` is due; nil if nothing is.
    package var nextDeadline: Instant? {
        [waitUntil, app.nextDeadline].compactMap { $0 }.min()
    }

    package var isIdle: Bool { app.pid == nil }

    package mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        switch event {
        case .started:
            guard let rule = options.fixedRule else {
                waitAfterLook = options.wait.map { now.advanced(by: $0) }
                waitUntil = options.wait.map { now.advanced(by: max($0, ForegroundSupervisor.firstLook)) }
                return []
            }
            return tell(.ruleChanged(rule), at: now)
        case .rules(let reading):
            return read(reading, at: now)
        case .rulesNeverChange(let why):
            neverChanges = why
            return []
        case .signal(let signal):
            return received(signal, at: now)
        case .app(_, let event):
            return tell(event, at: now)
        case .tick:
            guard let due = waitUntil, due <= now else { return tell(.tick, at: now) }
            let others = rules.map { $0.rules.isEmpty && $0.errors.isEmpty ? "" : "; \(describe($0))" } ?? ""
            return waitedTooLong(" after \(DurationText.describe(options.wait ?? .zero))\(others)")
        case .command(let command, let number):
            return follow(command, number: number, at: now)
        case .portLooked, .predecessors, .initIsGone:
            // Only where there is a job.
            return []
        }
    }

    /// Hands an event to the app, and turns its end into ours.
    mutating func tell(_ event: AppEvent, at now: Instant) -> [Effect] {
        app.handle(event, at: now).map { effect in
            switch effect {
            case .log(let entry): .log(entry)
            case .ended(let end): .exit(exitCode(for: end))
            default: .app(options.app.name, effect)
            }
        }
    }

    private func exitCode(for end: AppEnd) -> Int32 {
        let asked = 128 + (stopSignal?.number ?? Signal.terminate.number)
        switch end {
        case .completed(let status): return status.code
        case .failed(let code): return code
        case .stopped(.none, _), .stopped(_, byOurSignal: true): return asked
        case .stopped(.some(let status), byOurSignal: false): return status.code
        }
    }
}

// MARK: - Rules

extension ForegroundSupervisor {
    private mutating func read(_ reading: RulesReading, at now: Instant) -> [Effect] {
        guard stopSignal == nil else { return [] }
        if let waitAfterLook {
            waitUntil = waitAfterLook
            self.waitAfterLook = nil
        }
        switch reading {
        case .failed(let failure):
            fileComplaint = failure.summary
            guard hasReadRules || !hasNothing else {
                readFailure = failure.summary
                return missing(failure.message, below: failure.below)
            }
            return complain(.warning, "\(failure.summary); the rules stay as they were")
        case .read(_, let complaints) where hasReadRules && !complaints.isEmpty:
            fileComplaint = complaints.first
            return say(complaints + ["the annotations file is incomplete; the rules stay as they were"])
        case .read(let rules, let complaints):
            hasReadRules = complaints.isEmpty
            fileComplaint = complaints.first
            if let former = self.rules, former != rules { ruleReloads += 1 }
            self.rules = rules
            readFailure = nil
            taskName = rules.taskName
            let problems = rules.problems(asksForJupyter: options.app == .jupyter)
            return say(complaints + problems.map(\.message)) + choose(from: rules, at: now)
        }
    }

    /// Whether the app has neither a rule nor a process: only then is there something to wait for.
    private var hasNothing: Bool { app.rule == nil && app.pid == nil }

    /// One line for each problem that the last reading did not have.
    private mutating func say(_ problems: [String]) -> [Effect] {
        let new = problems.filter { !saidProblems.contains($0) }
        saidProblems = Set(problems)
        return new.map { .log(LogEntry(.warning, $0)) }
    }

    private mutating func choose(from rules: IngressRules, at now: Instant) -> [Effect] {
        obstacle = nil
        switch RuleSelection.choose(for: options.app, in: rules, named: options.ruleName) {
        case .found(let rule):
            return serve(rule, at: now)
        case .none:
            if hasNothing { return missingRule(rules) }
            return tell(.ruleChanged(nil), at: now)
        case .ambiguous(let candidates):
            // A second candidate must not take the app away from the rule that it is served by.
            let current = (app.rule ?? app.servedRule)?.address
            if let rule = candidates.first(where: { $0.address == current }) { return serve(rule, at: now) }
            let message = RuleSelection.ambiguous(candidates).failureMessage(for: options.app.name)
            obstacle = message
            return unusable(message ?? "", at: now)
        case .unusable(let problem):
            obstacle =
                "\(problem.message). Remove the rule on the job's page and add it again, or give --prefix and --port"
            // Said already, with the other problems; and again where it is the reason to end.
            guard hasNothing else { return tell(.ruleChanged(nil), at: now) }
            return missing("cannot serve \(options.app.name): \(problem.message)")
        }
    }

    private mutating func serve(_ found: IngressRule, at now: Instant) -> [Effect] {
        waitUntil = nil
        hasServed = true
        lastComplaint = nil
        let rule = found.reachable(at: options.publicHost)
        return rule == app.rule ? [] : tell(.ruleChanged(rule), at: now)
    }

    private mutating func unusable(_ complaint: String, at now: Instant) -> [Effect] {
        if hasNothing { return missing(complaint) }
        return complain(.warning, complaint) + tell(.ruleChanged(nil), at: now)
    }

    /// What waiting is not likely to mend: the end by hand, a line and more waiting as an entry point.
    private mutating func missing(_ complaint: String, below: [String] = []) -> [Effect] {
        if options.failsAtOnce, !hasServed {
            return [.log(LogEntry(.error, complaint, below: below)), .exit(ForegroundSupervisor.configurationError)]
        }
        return complain(.warning, complaint, below: below, then: "waiting\(limit) for that to change")
    }

    private mutating func missingRule(_ rules: IngressRules) -> [Effect] {
        // No time to wait: no line that says so.
        if waitUntil != nil, options.wait == .zero { return waitedTooLong("; \(describe(rules))") }
        return complain(.info, "waiting\(limit) for \(wanted); \(describe(rules))")
    }

    private mutating func waitedTooLong(_ details: String) -> [Effect] {
        waitUntil = nil
        return [
            .log(
                LogEntry(
                    .error, "cannot serve \(options.app.name): \(readFailure ?? obstacle ?? unread ?? lack(details))")),
            .exit(ForegroundSupervisor.configurationError),
        ]
    }

    /// That nothing is known of rules.
    private var unread: String? { waitAfterLook == nil ? nil : "the annotations file does not answer" }

    /// That there is no rule, and what can be done: unless the file is not to be trusted, or never shows what is added.
    private func lack(_ details: String) -> String {
        let page = taskName.map { "the page of the job \($0)" } ?? "the job's page"
        let doubts = [neverChanges, fileComplaint].compactMap { $0 }.map { " But \($0)." }.joined()
        return
            "there is no ingress rule for it\(details).\(doubts) Add \(wanted) on \(page), or give --prefix and --port"
    }

    /// Empty where the waiting has no end: after the first rule it has none any more.
    private var limit: String {
        waitUntil == nil ? "" : options.wait.map { " up to \(DurationText.describe($0))" } ?? ""
    }

    /// The rule that would do, in words.
    var wanted: String {
        if let name = options.ruleName { return "an ingress rule named \(name)" }
        let names = options.app.ruleNames.joined(separator: " or ")
        return "an ingress rule named \(names)" + (options.app.defaultPort.map { ", or one on port \($0)" } ?? "")
    }

    private func describe(_ rules: IngressRules) -> String {
        let good = rules.rules.map { "\($0.name) (port \($0.port))" }.joined(separator: ", ")
        let bad = rules.errors.map { "\($0.ruleName) (\($0.details))" }.joined(separator: ", ")
        if good.isEmpty { return bad.isEmpty ? "there is no ingress rule yet" : "no ingress rule can be used: \(bad)" }
        return "there are: \(good)" + (bad.isEmpty ? "" : "; these cannot be used: \(bad)")
    }

    /// Logs `message`, and what follows from it, unless it was the last to be said.
    private mutating func complain(
        _ level: LogLevel, _ message: String, below: [String] = [], then more: String? = nil
    ) -> [Effect] {
        guard message != lastComplaint else { return [] }
        lastComplaint = message
        return [.log(LogEntry(level, message, below: below))] + (more.map { [.log(LogEntry(.info, $0))] } ?? [])
    }
}

// MARK: - Signals

extension ForegroundSupervisor {
    /// Signals that ask for the end, as a terminal, a shell or the kubelet sends them.
    private static let stopping: Set<Signal> = [.terminate, .interrupt, .hangup, .quit]
    /// Signals that speak to crater-run itself, or of what the app's own kernel tells it: never passed on. 32 and 33 are
    /// glibc's own.
    private static let ours: Set<Signal> = [
        .child, .pipe, .terminalInput, .terminalOutput, .urgent, .windowChange, Signal(number: 32), Signal(number: 33),
    ]

    private mutating func received(_ signal: Signal, at now: Instant) -> [Effect] {
        if ForegroundSupervisor.stopping.contains(signal) {
            if let first = stopSignal {
                // timeout(1) and others send one signal twice, to the process and to its group.
                // And a terminal that closes sends SIGHUP itself as well as through its shell.
                let isEcho = signal == first && stopAskedAt.duration(to: now) < ForegroundSupervisor.echo
                guard !isEcho, signal != .hangup else { return [] }
                return [.log(LogEntry(.info, "\(signal) received while stopping"))] + tell(.killRequested, at: now)
            }
            stopSignal = signal
            stopAskedAt = now
            waitUntil = nil
            return [.log(LogEntry(.info, "\(signal) received"))] + tell(.stopRequested(isShutdown: true), at: now)
        }
        switch signal {
        case .terminalStop:
            guard !options.isProcessOne else { return [] }
            return [.app(options.app.name, .signal(.stop, .group)), .suspend]
        case .resume:
            return [.app(options.app.name, .signal(.resume, .group))]
        case let signal where ForegroundSupervisor.ours.contains(signal):
            return []
        default:
            return tell(.forward(signal), at: now)
        }
    }
}
