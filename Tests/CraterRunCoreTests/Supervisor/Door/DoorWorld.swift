import CraterRunCore
import Testing

/// What a supervisor's front door consists of, in a world that answers: sockets, and a process that does as it is told.
struct DoorWorld {
    /// The ports with a listening socket of ours.
    private(set) var open: Set<UInt16>
    /// The ports at which the door accepts.
    private(set) var accepting: Set<UInt16> = []
    /// What the door serves.
    private(set) var routes = DoorRoutes.none
    /// The door's process; nil without one.
    private(set) var pid: Int32?
    private(set) var starts = 0
    private(set) var kills = 0
    /// Whether the door answers pings.
    var answers = true
    /// What the host shows of the door's process, by the instant of the question; nil if it does not show the process.
    var standing: (MonotonicInstant) -> ProcessStanding? = { _ in nil }
    private(set) var observations = 0
    private(set) var pings = 0
    /// Whether a door can be started.
    var starting: String?
    private var lastPing: UInt64 = 0
    private var nextPid: Int32 = 9000

    /// - Parameter open: the ports with a socket of an earlier supervisor.
    init(open: Set<UInt16> = []) { self.open = open }

    mutating func perform(_ action: DoorAction, taken: Set<UInt16>, at now: MonotonicInstant) -> [DoorEvent] {
        switch action {
        case .listen(let port):
            guard open.contains(port) || !taken.contains(port) else {
                return [.listenFailed(port, .portBusy(port: port, holder: "python3 (pid 7)"))]
            }
            open.insert(port)
            return [.listening(port)]
        case .close(let port):
            #expect(open.remove(port) != nil, "only an open socket is closed")
            return []
        case .start:
            #expect(pid == nil, "one door at a time")
            starts += 1
            if let starting { return [.startFailed(starting)] }
            pid = nextPid
            nextPid += 1
            return [.started(pid: nextPid - 1)]
        case .kill:
            #expect(pid != nil)
            kills += 1
            end()
            return []
        case .observe:
            #expect(pid != nil && !answers, "only a door that owes an answer is observed")
            observations += 1
            return [.observed(standing(now))]
        case .send(let message):
            guard pid != nil else {
                Issue.record("nobody hears this: \(message)")
                return []
            }
            return hear(message)
        }
    }

    private mutating func hear(_ message: DoorMessage) -> [DoorEvent] {
        switch message {
        case .routes(let new):
            #expect(new.generation > routes.generation || routes == .none)
            routes = new
            return answers ? [.said(.serving(new.generation))] : []
        case .listen(let ports):
            #expect(open.isSuperset(of: ports), "only open sockets are handed over")
            accepting.formUnion(ports)
            return []
        case .close(let ports):
            accepting.subtract(ports)
            return []
        case .ping(let number):
            pings += 1
            lastPing = number
            return answers ? [.said(.pong(number))] : []
        }
    }

    /// What a door says that answers the last ping after all.
    var lateAnswer: DoorEvent { .said(.pong(lastPing)) }

    /// The door's process is gone.
    mutating func end() {
        pid = nil
        routes = .none
        accepting = []
    }
}
