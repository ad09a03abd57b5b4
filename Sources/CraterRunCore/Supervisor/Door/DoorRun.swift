/// One process of the front door, from its start until its end.
struct DoorRun: Equatable, Sendable {
    /// What follows from the time, or from an observation.
    enum Step: Equatable, Sendable {
        case act(DoorAction)
        /// The door hangs: another one takes its place. The reason follows "the front door ".
        case replace(why: String)
    }

    let pid: Int32
    let startedAt: MonotonicInstant
    private var nextPing: MonotonicInstant
    /// The number of the last ping.
    private var pings: UInt64 = 0
    /// Since the last ping, until it is answered. No other ping is sent meanwhile.
    private var silence: DoorSilence?
    private var hasAnswered = false
    /// The generation of the routes that the door serves; nil before its first word about that.
    var serves: UInt64?

    init(pid: Int32, startedAt: MonotonicInstant) {
        self.pid = pid
        self.startedAt = startedAt
        nextPing = startedAt
    }

    var nextDeadline: MonotonicInstant { silence?.nextDeadline ?? nextPing }

    mutating func ticked(at now: MonotonicInstant) -> Step? {
        if silence != nil { return silence?.ticked(at: now) }
        guard nextPing <= now else { return nil }
        pings &+= 1
        nextPing = now.advanced(by: DoorTiming.ping)
        silence = DoorSilence(since: now, isFirst: !hasAnswered)
        return .act(.send(.ping(pings)))
    }

    mutating func answered(_ number: UInt64) {
        guard number == pings else { return }
        hasAnswered = true
        silence = nil
    }

    mutating func observed(_ standing: ProcessStanding?) -> Step? { silence?.observed(standing) }
}
