/// Follows the readiness of one run of an app, from its spawn to its end. The meaning of a check depends on the checks
/// before it.
package struct ReadinessTracker: Sendable {
    /// What a check changed.
    package enum Change: Equatable, Sendable {
        case none
        /// The app is ready now. `warning`: a message to log; the same one does not come twice.
        case ready(isFirst: Bool, warning: String?)
        /// The app is no longer ready.
        case unready(complaint: String)
        /// The app is still not ready, for a reason that is worth a log line.
        case notReady(complaint: String)
        /// The app has given no answer since its start, ``AppTiming/slowStart`` ago or more. This comes once.
        case slowStart(complaint: String)
        /// A part of the app is dead, which only a restart mends.
        case partDied(status: Int, meaning: String)
    }

    /// How far the app has come.
    package enum Standing: Equatable, Sendable {
        case starting
        /// `failedChecks`: how many checks in a row have failed since the last good answer; still too few to make the
        /// app unready.
        case ready(since: MonotonicInstant, failedChecks: Int)
        case unready(since: MonotonicInstant)
    }

    private let name: String
    private let policy: ReadinessPolicy
    private let backend: Backend
    private let code: AppCode
    private let startedAt: MonotonicInstant
    package private(set) var standing = Standing.starting
    /// The number of answers in a row that say that a part of the app is dead.
    private var fatalChecks = 0
    /// The time to the next check of an app that is starting.
    private var startingPause = AppTiming.startingInterval
    private var saidUnattributed = false
    private var saidSlowStart = false

    package init(
        name: String, policy: ReadinessPolicy, backend: Backend, code: AppCode = .program,
        startedAt: MonotonicInstant
    ) {
        self.name = name
        self.policy = policy
        self.backend = backend
        self.code = code
        self.startedAt = startedAt
    }

    /// Takes a check's outcome, and returns what it changed and how long to wait before the next check.
    ///
    /// After ``Change/unready(complaint:)`` and ``Change/partDied(status:meaning:)`` the caller calls
    /// ``endReadiness(at:)``.
    package mutating func take(_ outcome: CheckOutcome, at now: MonotonicInstant) -> (change: Change, next: Duration) {
        if let status = outcome.status, policy.accepts(status) { return accept(outcome, at: now) }
        if let status = outcome.status, let meaning = policy.fatal[status] {
            fatalChecks += 1
            let enough = standing == .starting ? AppTiming.fatalAnswersWhileStarting : AppTiming.failuresToUnready
            if fatalChecks >= enough { return (.partDied(status: status, meaning: meaning), AppTiming.slowInterval) }
        } else {
            fatalChecks = 0
        }
        let complaint = complaint(about: outcome)
        switch standing {
        case .starting:
            slowDown(after: outcome)
            return failWhileStarting(complaint, isSilent: outcome.isSilent, at: now)
        case .ready(let since, let failedBefore):
            let failedChecks = failedBefore + 1
            standing = .ready(since: since, failedChecks: failedChecks)
            let isEnough = failedChecks >= AppTiming.failuresToUnready
            return (isEnough ? .unready(complaint: complaint) : .none, AppTiming.slowInterval)
        case .unready:
            return (.notReady(complaint: complaint), AppTiming.slowInterval)
        }
    }

    /// Records that the app is no longer ready, whatever the reason is.
    ///
    /// - Returns: how long it had been ready.
    package mutating func endReadiness(at now: MonotonicInstant) -> Duration {
        guard case .ready(let since, _) = standing else { return .zero }
        standing = .unready(since: now)
        return since.duration(to: now)
    }

    private mutating func accept(_ outcome: CheckOutcome, at now: MonotonicInstant) -> (change: Change, next: Duration)
    {
        fatalChecks = 0
        let isFirst: Bool
        switch standing {
        case .ready(let since, _):
            standing = .ready(since: since, failedChecks: 0)
            return (.none, policy.pause)
        case .starting: isFirst = true
        case .unready: isFirst = false
        }
        standing = .ready(since: now, failedChecks: 0)
        var warning: String?
        if case .answeredUnattributed = outcome, !saidUnattributed {
            saidUnattributed = true
            warning = "cannot see which process answers at port \(backend.port); assuming that it is the app"
        }
        return (.ready(isFirst: isFirst, warning: warning), policy.pause)
    }

    /// Checks less and less often while the app answers, but not as it should: most apps log each request.
    private mutating func slowDown(after outcome: CheckOutcome) {
        switch outcome {
        case .nobodyListens, .loopbackPorts, .listensElsewhere: startingPause = AppTiming.startingInterval
        // Fatal answers are counted, and the app is restarted soon.
        default: if fatalChecks == 0 { startingPause = min(startingPause * 2, AppTiming.slowInterval) }
        }
    }

    private mutating func failWhileStarting(
        _ complaint: String,
        isSilent: Bool,
        at now: MonotonicInstant
    ) -> (change: Change, next: Duration) {
        let isSlow = startedAt.duration(to: now) >= AppTiming.slowStart
        let next = isSlow ? AppTiming.slowInterval : startingPause
        // An app that is starting does not answer, so silence is worth a line only if it lasts. Any other outcome is
        // worth one at once.
        if !isSilent { return (.notReady(complaint: complaint), next) }
        guard isSlow, !saidSlowStart else { return (.none, next) }
        saidSlowStart = true
        return (.slowStart(complaint: complaint), next)
    }

    private func complaint(about outcome: CheckOutcome) -> String {
        switch outcome {
        case .answered(let status), .answeredUnattributed(let status):
            "it answers \(status) at \(backend.prefix.appending(policy.path))"
                + (policy.hints[status].map { ": \($0)" } ?? "")
        case .answeredByAnother(let holder):
            "port \(backend.port) is answered by \(holder ?? "another process"), not by \(name)"
        case .loopbackOnly(let port):
            "it listens at port \(port) on the loopback address alone, where the ingress cannot reach it"
        case .listensElsewhere(let ports):
            elsewhere(ports)
        case .loopbackPorts, .nobodyListens:
            backend.socket == nil ? CheckOutcome.nobody : "nobody listens at its socket"
        case .silent(let reason):
            reason
        }
    }

    /// The message that the app's processes listen at `ports`, and not where the app should listen.
    ///
    /// - Parameter isOver: whether the message is for an app that has ended.
    package func elsewhere(_ ports: [UInt16], isOver: Bool = false) -> String {
        ElsewhereMessage.text(ports, insteadOf: backend.listener, code: code, isOver: isOver)
    }
}
