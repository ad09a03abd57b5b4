/// Ends what a supervisor left behind that was killed, before anything new is started: those apps hold the ports.
struct PredecessorStop: Sendable {
    private var surveyAt: Instant?
    private var killAt: Instant?
    private var giveUpAt: Instant
    private(set) var isOver = false

    init(startedAt now: Instant) {
        killAt = now.advanced(by: AppTiming.predecessorTimeout)
        giveUpAt = now.advanced(by: AppTiming.predecessorTimeout + AppTiming.giveUpAfterKill)
    }

    var nextDeadline: Instant? { isOver ? nil : [surveyAt, killAt, giveUpAt].compactMap { $0 }.min() }

    mutating func surveyed(_ remaining: Int, at now: Instant) {
        if remaining == 0 { isOver = true } else { surveyAt = now.advanced(by: AppTiming.surveyInterval) }
    }

    mutating func ticked(at now: Instant) -> [SupervisorEffect] {
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
