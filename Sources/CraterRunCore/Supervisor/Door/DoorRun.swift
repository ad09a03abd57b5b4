/// One process of the front door, from its start until its end.
struct DoorRun: Equatable, Sendable {
    let pid: Int32
    let startedAt: MonotonicInstant
    var nextPing: MonotonicInstant
    /// The number of the last ping.
    var pings: UInt64 = 0
    /// When the door was first told what it has not answered yet; nil if it has answered everything.
    var waitsSince: MonotonicInstant?
    /// Whether the door has answered anything yet.
    var hasAnswered = false
    /// The generation of the routes that the door serves; nil before its first word about that.
    var serves: UInt64?

    init(pid: Int32, startedAt: MonotonicInstant) {
        self.pid = pid
        self.startedAt = startedAt
        nextPing = startedAt
    }

    /// When the door counts as hanging; nil if it has answered.
    var hangsAt: MonotonicInstant? {
        waitsSince.map { $0.advanced(by: hasAnswered ? DoorTiming.hang : DoorTiming.firstAnswer) }
    }

    mutating func ping(at now: MonotonicInstant) -> DoorAction {
        pings &+= 1
        nextPing = now.advanced(by: DoorTiming.ping)
        waitsSince = waitsSince ?? now
        return .send(.ping(pings))
    }

    mutating func answered(_ number: UInt64) {
        hasAnswered = true
        // An answer to an earlier ping says nothing of the last one, but the door was alive a moment ago.
        if number == pings { waitsSince = nil }
    }
}
