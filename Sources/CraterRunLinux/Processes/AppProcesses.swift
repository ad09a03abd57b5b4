internal import CraterRunCore
internal import Glibc

/// The processes of one app: finds them, signals them, counts them.
struct AppProcesses {
    /// The value of the marker that the app's processes carry.
    private let instance: String
    private let reader: InstanceReader
    /// The app's first process, until it has been reaped.
    private(set) var leader: Int32?
    /// Who belonged to it at the last look; for those whose environment cannot be read.
    private var known: Set<ProcessIdentity> = []
    /// When the first of them was started, in clock ticks after boot: who is older belongs to somebody else.
    private var firstStart: UInt64?
    /// Those whose environment was read before and that are not marked. A process's environment cannot change without execve(2),
    /// and no process becomes the app's by that, so it is read once.
    private var strangers: Set<ProcessIdentity> = []
    /// How many processes there were at the last look that may belong to it, and whose environment cannot be read.
    private(set) var unreadable = 0

    init(instance: String, reader: InstanceReader) {
        self.instance = instance
        self.reader = reader
    }

    /// A new launch: whatever is left of the last one still counts.
    mutating func started(_ pid: Int32) {
        leader = pid
        firstStart = firstStart ?? ProcessTable.row(of: pid)?.identity.startTime
    }

    /// The leader's pid may belong to anybody from now on.
    mutating func reaped() {
        leader = nil
    }

    /// Everything that belongs to the app now, and remembers it.
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

    /// How many of them are left besides the leader; the dead do not count.
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
            // First all at once, then one by one who has left the group.
            if let leader { kill(-leader, signal.number) }
            for member in survey() where !member.isZombie && (leader == nil || member.group != leader) {
                ProcessTable.send(signal, to: member.identity)
            }
        }
    }
}
