internal import CraterRunCore
internal import Glibc

/// The processes of one app: finds them, signals them, counts them.
struct AppProcesses {
    /// The value of the marker that the app's processes carry.
    private let instance: String
    private let reader: InstanceReader
    /// The app's first process, until it has been reaped.
    private(set) var leader: Int32?
    /// The processes that belonged to the app at the last survey; they stand in for unreadable environments.
    private var known: Set<ProcessIdentity> = []
    /// When the app's first process was started, in clock ticks after boot: an older process is not the app's.
    private var firstStart: UInt64?
    /// The processes whose environment was read and has no marker of the app. A process's environment cannot change
    /// without execve(2), and no process becomes the app's by execve(2), so it is read once.
    private var strangers: Set<ProcessIdentity> = []
    /// How many processes at the last survey may belong to the app, but have an environment that cannot be read.
    private(set) var unreadable = 0

    init(instance: String, reader: InstanceReader) {
        self.instance = instance
        self.reader = reader
    }

    /// Begins a new launch. Processes that are left of the last launch still count.
    mutating func started(_ pid: Int32) {
        leader = pid
        firstStart = firstStart ?? ProcessTable.row(of: pid)?.identity.startTime
    }

    /// Forgets the leader: from now on, its pid may belong to another process.
    mutating func reaped() {
        leader = nil
    }

    /// Finds everything that belongs to the app now, and remembers it.
    mutating func survey() -> [ProcessRow] {
        let rows = ProcessTable.rows().filter { $0.identity.startTime >= firstStart ?? 0 }
        let unsure = rows.filter { !known.contains($0.identity) && !strangers.contains($0.identity) }
        let readings = reader.instances(of: unsure.filter { !$0.isZombie }.map(\.identity))
        let marked = Set(readings.filter { $0.value == .instance(instance) }.keys.map(\.pid))
        unreadable = readings.values.count { $0 == .unreadable }
        let members = ProcessTree.members(
            of: rows,
            leader: leader,
            marked: marked,
            known: known,
            excluded: ProcessTable.ownLine()
        )
        known = Set(members.map(\.identity))
        strangers = Set(rows.map(\.identity)).subtracting(known)
        return members
    }

    /// How many of the app's processes are left besides the leader, without zombies.
    mutating func countRest() -> Int {
        survey().count { !$0.isZombie && $0.identity.pid != leader }
    }

    mutating func send(_ signal: Signal, to scope: SignalScope) {
        switch scope {
        case .leader:
            if let leader { kill(leader, signal.number) }
        case .group:
            if let leader { kill(-leader, signal.number) }
        case .tree:
            // First the whole group at once, then each process that has left the group.
            if let leader { kill(-leader, signal.number) }
            for member in survey() where !member.isZombie && (leader == nil || member.group != leader) {
                ProcessTable.send(signal, to: member.identity)
            }
        }
    }
}
