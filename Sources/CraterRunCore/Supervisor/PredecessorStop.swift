/// Ends the processes that a killed supervisor left behind. No app is started before that, since these processes hold
/// the ports.
struct PredecessorStop: Sendable {
    private var surveyAt: MonotonicInstant?
    private var killAt: MonotonicInstant?
    private var giveUpAt: MonotonicInstant
    private(set) var isOver = false

    init(startedAt now: MonotonicInstant) {
        killAt = now.advanced(by: AppTiming.predecessorTimeout)
        giveUpAt = now.advanced(by: AppTiming.predecessorTimeout + AppTiming.giveUpAfterKill)
    }

    var nextDeadline: MonotonicInstant? { isOver ? nil : [surveyAt, killAt, giveUpAt].compactMap { $0 }.min() }

    mutating func surveyed(_ remaining: Int, at now: MonotonicInstant) {
        if remaining == 0 { isOver = true } else { surveyAt = now.advanced(by: AppTiming.surveyInterval) }
    }

    mutating func ticked(at now: MonotonicInstant) -> [SupervisorEffect] {
        surveyAt = nil
        if let due = killAt, due <= now {
            killAt = nil
            return [.killPredecessors, .surveyPredecessors]
        }
        guard giveUpAt <= now else { return [.surveyPredecessors] }
        isOver = true
        let message = "some processes of an earlier supervisor outlive SIGKILL; they are left alone"
        return [.log(LogEntry(.error, message))]
    }
}
