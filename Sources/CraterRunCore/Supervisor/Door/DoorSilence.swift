/// The time during which a door owes an answer, and what its process was observed to do meanwhile.
///
/// A door that hangs must be replaced at once. A door on a busy machine must not, since its end cuts every connection.
/// What the process does tells the two apart: one that hangs is stopped, sleeps, or computes all the time; one that is
/// held up waits for a processor or for a disk.
struct DoorSilence: Equatable, Sendable {
    /// The first of the observations in a row that all show the same hang.
    private struct Evidence: Equatable, Sendable {
        let standing: ProcessStanding
        let at: MonotonicInstant
    }

    /// When the door was told what it has not answered. Times in which the supervisor itself was held up are left out:
    /// this instant is so much later.
    private var since: MonotonicInstant
    /// Whether the door has not answered anything yet since its start, which may take longer.
    private let isFirst: Bool
    /// When the process is observed next; nil for a door that is still starting.
    private var nextObservation: MonotonicInstant?
    /// When the process was observed last.
    private var observedAt: MonotonicInstant?
    private var evidence: Evidence?

    init(since: MonotonicInstant, isFirst: Bool) {
        self.since = since
        self.isFirst = isFirst
        nextObservation = isFirst ? nil : since.advanced(by: DoorTiming.observeAfter)
    }

    /// When the door counts as hanging, whatever its process does.
    private var end: MonotonicInstant {
        since.advanced(by: isFirst ? DoorTiming.firstAnswer : DoorTiming.longestSilence)
    }

    var nextDeadline: MonotonicInstant { nextObservation.map { min($0, end) } ?? end }

    /// - Returns: what is to be done now; nil for nothing.
    mutating func ticked(at now: MonotonicInstant) -> DoorRun.Step? {
        let delay = nextDeadline.duration(to: now)
        guard delay >= .zero else { return nil }
        excuse(delay)
        if end <= now { return replace(.silent, at: now) }
        guard let due = nextObservation, due <= now else { return nil }
        observedAt = now
        nextObservation = now.advanced(by: DoorTiming.observe)
        return .act(.observe)
    }

    /// The supervisor comes later than it should, because it was stopped or got no processor. The door could not be
    /// heard meanwhile.
    private mutating func excuse(_ delay: Duration) {
        guard delay > DoorTiming.late else { return }
        since = since.advanced(by: delay)
        evidence = nil
    }

    /// - Parameter standing: what was observed at the last tick; nil if the host does not show the process.
    /// - Returns: what is to be done now; nil for nothing.
    mutating func observed(_ standing: ProcessStanding?) -> DoorRun.Step? {
        guard let observedAt, let hang = hang(shownBy: standing, at: observedAt),
            since.duration(to: observedAt) >= DoorTiming.patience
        else { return nil }
        return replace(hang, at: observedAt)
    }

    private mutating func hang(shownBy standing: ProcessStanding?, at now: MonotonicInstant) -> DoorHang? {
        guard let standing else {
            evidence = nil
            return nil
        }
        switch standing.activity {
        case .stopped: return .stopped
        case .sleeping:
            return lasts(standing, at: now) { used, _ in used == .zero } >= DoorTiming.sleepProof ? .sleeping : nil
        case .running:
            return lasts(standing, at: now) { used, passed in used * 2 >= passed } >= DoorTiming.loopProof
                ? .looping : nil
        case .other:
            evidence = nil
            return nil
        }
    }

    /// How long the process has done the same without a break. If the processor time does not fit, the row begins anew.
    private mutating func lasts(
        _ standing: ProcessStanding, at now: MonotonicInstant,
        ifFits fits: (_ used: Duration, _ passed: Duration) -> Bool
    ) -> Duration {
        if let evidence, evidence.standing.activity == standing.activity {
            let passed = evidence.at.duration(to: now)
            if fits(standing.used - evidence.standing.used, passed) { return passed }
        }
        evidence = Evidence(standing: standing, at: now)
        return .zero
    }

    private func replace(_ hang: DoorHang, at now: MonotonicInstant) -> DoorRun.Step {
        .replace(why: hang.text(after: since.duration(to: now)))
    }
}
