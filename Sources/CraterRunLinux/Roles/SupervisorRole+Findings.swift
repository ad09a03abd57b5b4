internal import CraterRunCore

// What workers find out, and the looks at the annotations file.

extension SupervisorRole {
    func followFindings() { findings.take().forEach(follow) }

    private func follow(_ finding: Finding) {
        guard exitCode == nil else { return }
        switch finding {
        case .rules(let finding): looked(finding)
        case .prepared(let app, let number, let result): prepared(app, number: number, result)
        case .entries(let entries): entries.forEach(log)
        }
    }
}

/// The looks at the annotations file: one at a time, on a worker.
struct RulesLooks {
    /// How long one may take before that is reported.
    static let patience = Duration.seconds(3)

    let follower: RulesFollower
    /// The inotify instance, once it is in the poll.
    var descriptor: Int32?
    /// What the last one has brought; nil before the first has ended.
    var last: RulesFollower.Finding?
    /// The one that is under way.
    var pending: Pending?

    struct Pending {
        /// When it is reported as waiting for the host; nil once it was.
        var stalledAt: Instant?
    }
}

extension SupervisorRole {
    /// Begins a look, unless one is under way: its end brings what has happened meanwhile, as events are not lost.
    func look(_ begin: (RulesFollower, @escaping @Sendable (RulesFollower.Finding) -> Void) -> Void) {
        guard let looks, looks.pending == nil else { return }
        self.looks?.pending = RulesLooks.Pending(stalledAt: MonotonicClock.now().advanced(by: RulesLooks.patience))
        // Level-triggered: until the worker has read the events, the reactor would turn without end.
        if let descriptor = looks.descriptor { reactor.poll.remove(descriptor) }
        let findings = findings
        begin(looks.follower) { findings.post(.rules($0)) }
    }

    private func looked(_ finding: RulesFollower.Finding) {
        // It was said that the file does not answer: only its content takes that back.
        let isDoubted = looks?.pending.map { $0.stalledAt == nil } ?? false
        looks?.pending = nil
        looks?.last = finding
        looks?.descriptor = finding.descriptor
        if let descriptor = finding.descriptor {
            try? reactor.poll.add(descriptor, .input) { [weak self] _ in self?.look { $0.readEvents($1) } }
        }
        finding.entries.forEach(log)
        if let why = finding.neverChanges { deliver(.rulesNeverChange(why)) }
        if let reading = finding.reading {
            deliver(.rules(reading))
        } else if isDoubted {
            look { $0.readAgain($1) }
        }
    }

    var lookDeadline: Instant? {
        guard let looks else { return nil }
        if let pending = looks.pending { return pending.stalledAt }
        return looks.last?.nextLook ?? (isIdle ? looks.last?.distrustedAt : nil)
    }

    func expireLook(at now: Instant) {
        guard let looks else { return }
        if let pending = looks.pending {
            guard let due = pending.stalledAt, due <= now else { return }
            self.looks?.pending?.stalledAt = nil
            let what = looks.follower.call.subject ?? looks.follower.path
            let failure = AnnotationsReadFailure.unreadable(
                path: what, reason: "it does not answer (a dead network mount?)")
            deliver(.rules(.failed(failure)))
            return
        }
        // Somebody else woke us: a look costs less now than at a time of its own.
        guard let due = looks.last?.nextLook ?? looks.last?.distrustedAt, due <= now else { return }
        look { $0.lookAgain($1) }
    }
}
