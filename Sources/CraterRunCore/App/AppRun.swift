/// One run of an app: a process that was spawned for it, until nothing of the app is left.
struct AppRun: Sendable {
    let pid: Int32
    /// Where it serves: by the rule that the process was started by.
    let place: ServingPlace
    let startedAt: MonotonicInstant
    var readiness: ReadinessTracker
    /// What is wrong with the ports at which its processes listen; nil if nothing is known to be.
    var elsewhere: String?
    /// Why the process is about to end, where that is known.
    var outOfMemory: OutOfMemoryKill?

    init(pid: Int32, place: ServingPlace, policy: AppPolicy, startedAt: MonotonicInstant) {
        self.pid = pid
        self.place = place
        self.startedAt = startedAt
        readiness = ReadinessTracker(
            name: policy.name, policy: policy.readiness, backend: place.backend, startedAt: startedAt)
    }

    var rule: IngressRule { place.outside }

    /// The state that its readiness amounts to, while nobody stops it.
    var state: AppState {
        switch readiness.standing {
        case .starting: .starting
        case .ready: .ready
        case .unready: .unready
        }
    }

    /// When the app is started again because it will not have answered for too long; nil: it is not for that.
    func unresponsiveAt(under policy: AppPolicy) -> MonotonicInstant? {
        guard case .unready(let since) = readiness.standing, policy.restart != .never else { return nil }
        return policy.restartUnresponsive.map { since.advanced(by: $0) }
    }

    /// What a line about the end of its first process is about.
    func ended(_ status: ExitStatus, of app: String, at now: MonotonicInstant) -> LogSubject {
        LogSubject(app: app, pid: pid, status: status, duration: startedAt.duration(to: now))
    }
}
