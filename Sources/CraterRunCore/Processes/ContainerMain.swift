/// Which process a container was started for. Its end is the container's; that of any other, such as an exec probe or a command
/// in a terminal, is not.
///
/// Neither pid nor parent tells: in a Pod that shares its processes PID 1 is another container's, and who was started by
/// `kubectl exec` has a parent outside, as the first process has. But that one is older than all others, and lives as long as
/// they do.
package enum ContainerMain {
    /// Programs that start one other, wait for it, and pass on how it ended. A shell is none: more may follow in it.
    private static let waiting: Set<String> = [
        "sudo", "su", "runuser", "timeout", "tini", "tini-static", "docker-init", "dumb-init", "catatonit",
    ]

    /// Whether a process is the one, or is below it with nothing in between but such as pass its end on.
    ///
    /// - Parameter rows: the processes of the container, and of no other.
    package static func isMain(_ pid: Int32, among rows: [ProcessRow]) -> Bool {
        let byPID = Dictionary(rows.map { ($0.identity.pid, $0) }, uniquingKeysWith: { first, _ in first })
        guard var top = byPID[pid] else { return false }
        // A loop cannot be, but for a table that changed while it was read.
        for _ in 0..<rows.count {
            guard let parent = byPID[top.parent] else { break }
            guard waiting.contains(parent.name) else { return false }
            top = parent
        }
        return rows.allSatisfy { $0.identity.startTime >= top.identity.startTime }
    }
}
