/// One run of an app, from the spawn of its first process until no process of the app is left.
struct AppRun: Sendable {
    let pid: Int32
    /// Where the app serves, by the rule with which the process was started. Behind the front door, the address outside
    /// follows the rule.
    var place: ServingPlace
    let startedAt: MonotonicInstant
    var readiness: ReadinessTracker
    /// The message that the app's processes listen at other ports than the rule's; nil unless the last check found this.
    /// The wrong port may be why the app ends.
    var elsewhereMessage: String?
    /// The same message for ports that may be for the app's own use. It counts only if the app ends with them.
    var loopbackMessage: String?
    /// The kernel's kill that ends the process, if memory has run out; else nil.
    var outOfMemory: OutOfMemoryKill?

    init(pid: Int32, place: ServingPlace, policy: AppPolicy, startedAt: MonotonicInstant) {
        self.pid = pid
        self.place = place
        self.startedAt = startedAt
        readiness = ReadinessTracker(
            name: policy.name, policy: policy.readiness, backend: place.backend, code: policy.code,
            startedAt: startedAt)
    }

    var rule: IngressRule { place.outside }

    /// The app's state by its readiness, as long as the app is not being stopped.
    var state: AppState {
        switch readiness.standing {
        case .starting: .starting
        case .ready: .ready
        case .unready: .unready
        }
    }

    /// When the app is to be restarted because it has been unready for too long; nil if that is not planned.
    func unresponsiveAt(under policy: AppPolicy) -> MonotonicInstant? {
        guard case .unready(let since) = readiness.standing, policy.restart != .never else { return nil }
        return policy.restartUnresponsive.map { since.advanced(by: $0) }
    }

    /// How the run has ended, for reports: after ``elsewhereMessage``, if the run has it.
    func said(_ how: String) -> String { elsewhereMessage.map { "\($0). It \(how)" } ?? how }

    /// The subject of a log line about the end of the first process.
    func ended(_ status: ExitStatus, of app: String, at now: MonotonicInstant) -> LogSubject {
        LogSubject(app: app, pid: pid, status: status, duration: startedAt.duration(to: now))
    }
}
