internal import CraterRunCore
internal import Glibc

/// The processes of one app: finds them, signals them, counts them.
struct AppProcesses {
    /// The environment entry that the app's processes carry.
    private let marker: String
    /// The app's first process, until it has been reaped.
    private(set) var leader: Int32?
    /// Who belonged to it at the last look; for those whose environment cannot be read.
    private var known: Set<ProcessIdentity> = []
    /// How many processes' environments could not be read at the last look.
    private(set) var unreadable = 0

    init(marker: String) {
        self.marker = marker
    }

    /// A new launch: whatever is left of the last one still counts.
    mutating func started(_ pid: Int32) {
        leader = pid
    }

    /// The leader's pid may belong to anybody from now on.
    mutating func reaped() {
        leader = nil
    }

    /// Everything that belongs to the app now, and remembers it.
    mutating func look() -> [ProcessRow] {
        let rows = ProcessTable.rows()
        let (marked, unreadable) = ProcessTable.marked(marker, among: rows)
        self.unreadable = unreadable
        let members = ProcessTree.members(
            of: rows,
            leader: leader,
            marked: marked,
            known: known,
            excluded: ProcessTable.ownLine()
        )
        known = Set(members.map(\.identity))
        return members
    }

    /// How many of them are left besides the leader; the dead do not count.
    mutating func countRest() -> Int {
        look().count { !$0.isZombie && $0.identity.pid != leader }
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
            for member in look() where !member.isZombie && (leader == nil || member.group != leader) {
                ProcessTable.send(signal, to: member.identity)
            }
        }
    }
}
