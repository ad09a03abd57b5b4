/// Follows the readiness of one run of an app, from its spawn to its end: what each check means after those before it.
package struct ReadinessTracker: Sendable {
    /// What a check changed.
    package enum Change: Equatable, Sendable {
        case none
        /// It is ready now. `warning` is what to say about it, once.
        case ready(isFirst: Bool, warning: String?)
        /// It is no longer ready.
        case unready(complaint: String)
        /// It is still not ready, and why is worth a line.
        case notReady(complaint: String)
        /// It has been starting for so long that silence is worth a line, once.
        case slowStart(complaint: String)
        /// A part of it is dead for good: only a restart mends it.
        case partDied(status: Int, meaning: String)
    }

    private let name: String
    private let policy: ReadinessPolicy
    private let rule: IngressRule
    private let startedAt: Instant
    /// Since when it has been ready without a break; nil while it is not.
    package private(set) var readySince: Instant?
    private var wasReady = false
    private var failedChecks = 0
    /// Answers in a row that say that a part of the app is dead.
    private var fatalChecks = 0
    private var saidUnattributed = false
    private var saidSlowStart = false

    package init(name: String, policy: ReadinessPolicy, rule: IngressRule, startedAt: Instant) {
        self.name = name
        self.policy = policy
        self.rule = rule
        self.startedAt = startedAt
    }

    /// What a check's outcome changed, and how long to wait before the next.
    package mutating func take(_ outcome: CheckOutcome, at now: Instant) -> (change: Change, next: Duration) {
        if let status = outcome.status, policy.accepts(status) { return accept(outcome, at: now) }
        if let status = outcome.status, let meaning = policy.fatal[status] {
            fatalChecks += 1
            let enough = wasReady ? AppTiming.failuresToUnready : AppTiming.fatalAnswersWhileStarting
            if fatalChecks >= enough { return (.partDied(status: status, meaning: meaning), AppTiming.slowInterval) }
        } else {
            fatalChecks = 0
        }
        let complaint = complaint(about: outcome)
        guard wasReady else { return failWhileStarting(complaint, isSilent: outcome.isSilent, at: now) }
        guard readySince != nil else { return (.notReady(complaint: complaint), AppTiming.slowInterval) }
        failedChecks += 1
        guard failedChecks >= AppTiming.failuresToUnready else { return (.none, AppTiming.slowInterval) }
        return (.unready(complaint: complaint), AppTiming.slowInterval)
    }

    /// Takes note that it is no longer ready, for whatever reason.
    ///
    /// - Returns: how long it had been.
    package mutating func endReadiness(at now: Instant) -> Duration {
        defer { readySince = nil }
        return readySince.map { $0.duration(to: now) } ?? .zero
    }

    private mutating func accept(_ outcome: CheckOutcome, at now: Instant) -> (change: Change, next: Duration) {
        failedChecks = 0
        fatalChecks = 0
        guard readySince == nil else { return (.none, policy.pause) }
        var warning: String?
        if case .answeredUnattributed = outcome, !saidUnattributed {
            saidUnattributed = true
            warning = "whose listener answers at port \(rule.port) cannot be seen; taking it for its own"
        }
        readySince = now
        defer { wasReady = true }
        return (.ready(isFirst: !wasReady, warning: warning), policy.pause)
    }

    private mutating func failWhileStarting(
        _ complaint: String,
        isSilent: Bool,
        at now: Instant
    ) -> (change: Change, next: Duration) {
        let isSlow = startedAt.duration(to: now) >= AppTiming.slowStart
        let next = isSlow ? AppTiming.slowInterval : AppTiming.startingInterval
        // Silence is what starting looks like; anything else is worth a line at once.
        if !isSilent { return (.notReady(complaint: complaint), next) }
        guard isSlow, !saidSlowStart else { return (.none, next) }
        saidSlowStart = true
        return (.slowStart(complaint: complaint), next)
    }

    private func complaint(about outcome: CheckOutcome) -> String {
        switch outcome {
        case .answered(let status), .answeredUnattributed(let status):
            "it answers \(status) at \(rule.prefix.appending(policy.path))"
                + (policy.hints[status].map { ": \($0)" } ?? "")
        case .answeredByAnother(let holder):
            "port \(rule.port) is answered by \(holder ?? "another process"), not by \(name)"
        case .loopbackOnly(let port):
            "it listens at port \(port) on the loopback address alone, where the ingress cannot reach it"
        case .silent(let reason):
            reason
        }
    }
}
