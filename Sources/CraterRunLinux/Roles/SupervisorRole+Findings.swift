internal import CraterRunCore

// Handles what workers find out, and reads the annotations file.

extension SupervisorRole {
    func followFindings() { findings.take().forEach(follow) }

    private func follow(_ finding: Finding) {
        guard exitCode == nil else { return }
        switch finding {
        case .rules(let finding): annotationsRead(finding)
        case .prepared(let app, let number, let result): prepared(app, number: number, result)
        case .login(let app, let key): deliver(.login(app: app, key))
        case .homeLogin(.success(let key)): deliver(.homeLogin(key))
        case .homeLogin(.failure(let failure)): deliver(.homeLoginFailed(failure))
        case .entrance(let app, let link): deliver(.entrance(app: app, link: link))
        case .activity(let app, let number, let activity):
            deliver(.activity(app: app, number: number, activity))
        case .offers(let installed): deliver(.offers(installed: installed))
        case .entries(let entries): entries.forEach(log)
        }
    }
}

extension SupervisorRole {
    /// Begins a read, unless a read is running. No event is lost then: events stay in the inotify instance until the
    /// running read has ended and the instance is in the poll again.
    func readAnnotations(_ begin: (RulesFollower, @escaping @Sendable (RulesFollower.Finding) -> Void) -> Void) {
        guard let reads, reads.pending == nil else { return }
        self.reads?.pending = AnnotationsReads.Pending(
            stalledAt: MonotonicClock.now().advanced(by: AnnotationsReads.patience))
        // The poll is level-triggered: the reactor would spin until the worker has read the events.
        if let descriptor = reads.descriptor { reactor.poll.remove(descriptor) }
        let findings = findings
        begin(reads.follower) { findings.post(.rules($0)) }
    }

    private func annotationsRead(_ finding: RulesFollower.Finding) {
        // If the file was reported as not answering, only its content can correct that report.
        let isDoubted = reads?.pending.map { $0.stalledAt == nil } ?? false
        reads?.pending = nil
        reads?.last = finding
        reads?.descriptor = finding.descriptor
        if let descriptor = finding.descriptor {
            try? reactor.poll.add(descriptor, .input) { [weak self] _ in self?.readAnnotations { $0.readEvents($1) } }
        }
        finding.entries.forEach(log)
        if let why = finding.neverChanges { deliver(.rulesNeverChange(why)) }
        if let reading = finding.reading {
            deliver(.rules(reading))
        } else if isDoubted {
            readAnnotations { $0.readAgain($1) }
        }
    }

    var annotationsDeadline: MonotonicInstant? {
        guard let reads else { return nil }
        if let pending = reads.pending { return pending.stalledAt }
        return reads.last?.nextRead ?? (isIdle ? reads.last?.distrustedAt : nil)
    }

    func expireAnnotationsRead(at now: MonotonicInstant) {
        guard let reads else { return }
        if let pending = reads.pending {
            guard let due = pending.stalledAt, due <= now else { return }
            self.reads?.pending?.stalledAt = nil
            let what = reads.follower.call.subject ?? reads.follower.path
            let failure = AnnotationsReadFailure.unreadable(
                path: what, reason: "it does not answer (a dead network mount?)")
            deliver(.rules(.failed(failure)))
            return
        }
        // The reactor is awake anyway, so a check that is due in doubt is cheaper now than with a wake-up of its own.
        guard let due = reads.last?.nextRead ?? reads.last?.distrustedAt, due <= now else { return }
        readAnnotations { $0.readIfDue($1) }
    }
}
