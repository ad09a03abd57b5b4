/// A process as /proc/<pid>/stat shows it (proc(5)).
package struct ProcessRow: Equatable, Sendable {
    package let identity: ProcessIdentity
    package let parent: Int32
    package let group: Int32
    package let session: Int32
    /// A zombie has ended: it can be neither signalled nor waited for, but by its parent. A process whose first thread alone
    /// has ended is none, although its state reads the same.
    package let isZombie: Bool
    /// The program's name, at most 15 bytes.
    package let name: String

    package init(identity: ProcessIdentity, parent: Int32, group: Int32, session: Int32, isZombie: Bool, name: String) {
        self.identity = identity
        self.parent = parent
        self.group = group
        self.session = session
        self.isZombie = isZombie
        self.name = name
    }

    /// Parses the content of /proc/<pid>/stat. The name is in parentheses and may hold spaces and parentheses itself, so
    /// the last one counts.
    package init?(stat: [UInt8]) {
        guard let open = stat.firstIndex(of: UInt8(ascii: "(")), let close = stat.lastIndex(of: UInt8(ascii: ")")),
            open < close,
            let pid = Int32(String(decoding: stat[..<open], as: UTF8.self).filter { $0 != " " })
        else { return nil }
        // From field 3, the state, on.
        let fields = stat[(close + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
            let session = Int32(fields[3]),
            let start = UInt64(fields[19])
        else { return nil }
        self.init(
            identity: ProcessIdentity(pid: pid, startTime: start),
            parent: parent,
            group: group,
            session: session,
            isZombie: ["Z", "X"].contains(fields[0]) && (Int(fields[17]) ?? 1) <= 1,
            name: String(decoding: stat[(open + 1)..<close], as: UTF8.self)
        )
    }
}

/// A process that cannot be mistaken for a later one with the same pid.
package struct ProcessIdentity: Hashable, Sendable {
    package let pid: Int32
    /// In clock ticks after boot (field 22 of /proc/<pid>/stat).
    package let startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }
}

/// Which processes belong to an app. Children are reparented before their parent can be waited for, so ancestry alone
/// cannot tell one app's orphans from another's: group, session, the marker and the last look count too.
package enum ProcessTree {
    /// The processes that belong to the app, zombies and its leader included.
    ///
    /// - Parameters:
    ///   - rows: every process that can be seen.
    ///   - leader: the app's first process, its group and session, as long as its pid cannot have been reused; else nil.
    ///   - marked: pids whose environment carries the app's marker.
    ///   - known: what belonged to it at the last look.
    ///   - excluded: pids that never belong to it: our own and our ancestors'.
    package static func members(
        of rows: [ProcessRow],
        leader: Int32?,
        marked: Set<Int32>,
        known: Set<ProcessIdentity>,
        excluded: Set<Int32>
    ) -> [ProcessRow] {
        var pids: Set<Int32> = []
        var children: [Int32: [Int32]] = [:]
        for row in rows {
            children[row.parent, default: []].append(row.identity.pid)
            let pid = row.identity.pid
            let isLeaders = leader.map { pid == $0 || row.group == $0 || row.session == $0 } ?? false
            if isLeaders || marked.contains(pid) || known.contains(row.identity) { pids.insert(pid) }
        }
        pids.subtract(excluded)
        var unvisited = Array(pids)
        while let pid = unvisited.popLast() {
            for child in children[pid] ?? [] where !excluded.contains(child) && pids.insert(child).inserted {
                unvisited.append(child)
            }
        }
        return rows.filter { pids.contains($0.identity.pid) }
    }
}
