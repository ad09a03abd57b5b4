// The foreground: crater-run serves one app only. Waiting for the app's rule has a limit, and crater-run ends when the
// app ends.

extension Supervisor {
    /// The exit code for a wrong configuration: EX_CONFIG of sysexits.h.
    package static let configurationError: Int32 = 78
    /// The time that the first reading of the annotations file may take, even if the limit for the waiting is shorter.
    private static let firstReading = Duration.seconds(3)

    /// When the waiting for the first rule ends; nil if crater-run does not wait for it, or waits without a limit.
    var waitDeadline: MonotonicInstant? {
        guard let since = waitsSince, let limit = options.foreground?.wait else { return nil }
        return since.advanced(by: keeper.hasTried ? limit : max(limit, Supervisor.firstReading))
    }

    /// The limit for a message; empty if the waiting has no limit, or if there has been a rule.
    var limit: String {
        guard waitsSince != nil, let limit = options.foreground?.wait else { return "" }
        return " up to \(DurationText.describe(limit))"
    }

    /// Handles a problem that waiting is not likely to mend: ends crater-run if the options say so, else logs the
    /// problem and goes on waiting.
    func waitOrFail(_ complaint: String, below: [String] = []) -> [SupervisorEffect] {
        if options.foreground?.failsAtOnce == true, waitsSince != nil {
            return [.log(LogEntry(.error, complaint, below: below)), .exit(Supervisor.configurationError)]
        }
        return [
            .log(LogEntry(.warning, complaint, below: below)),
            .log(LogEntry(.info, "waiting\(limit) for that to change")),
        ]
    }

    /// Logs why the app has no rule, in the foreground. Ends crater-run if it must not wait.
    mutating func say(
        _ complaint: String, about selection: RuleSelection, of app: SupervisedApp
    ) -> [SupervisorEffect] {
        guard selection == .none else {
            return app.hasNothing ? waitOrFail(complaint) : [.log(LogEntry(.warning, complaint))]
        }
        // If the limit is 0, no line says that crater-run waits.
        if waitsSince != nil, options.foreground?.wait == .zero { return waitedTooLong() }
        return [.log(LogEntry(.info, complaint))]
    }

    mutating func waitedTooLong() -> [SupervisorEffect] {
        waitsSince = nil
        let reasons = apps.map { LogEntry(.error, "cannot serve \($0.name): \(lack(of: $0))") }
        return reasons.map { .log($0) } + [.exit(Supervisor.configurationError)]
    }

    /// Why the app has no rule when the waiting ends.
    private func lack(of app: SupervisedApp) -> String {
        guard let rules = keeper.rules else { return keeper.complaint ?? "the annotations file does not answer" }
        let selection = selection(for: app, in: rules)
        switch selection {
        case .ambiguous: return selection.failureMessage(for: app.name) ?? ""
        case .unusable(let problem):
            return "\(problem.message). Remove the rule on the job's page and add it again, or give --prefix and --port"
        case .found, .none: break
        }
        let wait = options.foreground?.wait ?? .zero
        let time = wait == .zero ? "" : " after \(DurationText.describe(wait))"
        let isEmpty = rules.rules.isEmpty && rules.errors.isEmpty
        let others = wait > .zero && isEmpty ? "" : "; \(describe(rules, for: app))"
        // The file may be incomplete, or may never show a rule that is added.
        let doubts = [keeper.neverChanges, keeper.complaint].compactMap { $0 }.map { " But \($0)." }.joined()
        let page = rules.taskName.map { "the page of the job \($0)" } ?? "the job's page"
        let root = app.wish.port.map { "--prefix / to serve at the root of port \($0)" } ?? "--prefix and --port"
        return "there is no ingress rule for it\(time)\(others).\(doubts) "
            + "Add \(wanted(by: app)) on \(page), or give \(root)"
    }

    /// For an app without a rule: the existing rules, and how to choose one of them.
    func describe(_ rules: IngressRules, for app: SupervisedApp) -> String {
        let bad = rules.errors.map { "\($0.ruleName) (\($0.details))" }.joined(separator: ", ")
        guard let offer = app.wish.offer(of: rules.rules, for: app.identity) else {
            return bad.isEmpty ? "there is no ingress rule yet" : "no ingress rule can be used: \(bad)"
        }
        return offer + (bad.isEmpty ? "" : "; these cannot be used: \(bad)")
    }

    func exitCode(after end: AppEnd) -> Int32 {
        let asked = stop?.exitCode ?? 128 + Signal.terminate.number
        return switch end {
        case .completed(let status): status.code
        case .failed(let code): code
        case .stopped(.none, _), .stopped(_, byOurSignal: true): asked
        case .stopped(.some(let status), byOurSignal: false): status.code
        }
    }
}
