/// Ends what a supervisor left behind that was killed, before anything new is started: those apps hold the ports.
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
        let message = "some processes of the supervisor before this one outlive SIGKILL; left alone"
        return [.log(LogEntry(.error, message))]
    }
}
