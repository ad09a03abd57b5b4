/// Finds the processes that belong to an app. Children are reparented before their parent can be waited for, so
/// ancestry alone cannot tell one app's orphans from another's: group, session, the marker and the last survey count
/// too.
package enum ProcessTree {
    /// The processes that belong to the app, including zombies and the leader.
    ///
    /// - Parameters:
    ///   - rows: every process that can be seen.
    ///   - leader: the app's first process, with its own group and session, as long as its pid cannot have been reused;
    ///     else nil.
    ///   - marked: pids whose environment carries the app's marker.
    ///   - known: the processes that belonged to the app at the last survey.
    ///   - excluded: pids that never belong to the app: our own and our ancestors'.
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
