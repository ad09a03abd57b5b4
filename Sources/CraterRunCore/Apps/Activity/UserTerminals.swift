/// The terminals that an app, such as Jupyter, has opened for its users.
package enum UserTerminals {
    /// Whether a program runs in one of the terminals, besides its shell; nil if the app's first process is not seen.
    ///
    /// - Parameters:
    ///   - rows: every process that can be seen.
    ///   - leader: the app's first process.
    package static func haveProgram(_ rows: [ProcessRow], of leader: Int32) -> Bool? {
        guard let first = rows.first(where: { $0.identity.pid == leader }) else { return nil }
        let parents = Dictionary(rows.map { ($0.identity.pid, $0.parent) }, uniquingKeysWith: { one, _ in one })
        func isBelow(_ row: ProcessRow) -> Bool {
            var (pid, steps) = (row.parent, 0)
            // The rows are not of one moment, so they might have a circle.
            while pid != leader, steps < rows.count, let parent = parents[pid] { (pid, steps) = (parent, steps + 1) }
            return pid == leader
        }
        // The shell of a terminal leads a session that has the terminal (credentials(7)).
        let shells = rows.filter { row in
            row.terminal != 0 && row.terminal != first.terminal && row.session == row.identity.pid && isBelow(row)
        }.map(\.identity.pid)
        return rows.contains { row in
            !row.isZombie && !shells.contains(row.identity.pid)
                && (shells.contains(row.session) || shells.contains(row.parent))
        }
    }
}
