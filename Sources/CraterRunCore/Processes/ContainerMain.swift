/// Recognizes the process for which a container was started. The container ends with this process, but not with any
/// other, such as an exec probe or a command in a terminal.
///
/// Neither pid nor parent identifies the process: in a Pod with a shared process namespace, PID 1 is another
/// container's, and a process started by `kubectl exec` has a parent outside, as the first process has. But the first
/// process is older than all others, and lives as long as they do.
package enum ContainerMain {
    /// Programs that start one other program, wait for it, and pass on its exit status. A shell is none: it may start
    /// more programs.
    private static let waiting: Set<String> = [
        "sudo", "su", "runuser", "timeout", "tini", "tini-static", "docker-init", "dumb-init", "catatonit",
    ]

    /// Whether the process is the container's first one, or is below it with only such waiting programs in between.
    ///
    /// - Parameter rows: the processes of the container, and no others.
    package static func isMain(_ pid: Int32, among rows: [ProcessRow]) -> Bool {
        let byPID = Dictionary(rows.map { ($0.identity.pid, $0) }, uniquingKeysWith: { first, _ in first })
        guard var top = byPID[pid] else { return false }
        // A loop is impossible, unless the table changed while it was read.
        for _ in 0..<rows.count {
            guard let parent = byPID[top.parent] else { break }
            guard waiting.contains(parent.name) else { return false }
            top = parent
        }
        return rows.allSatisfy { $0.identity.startTime >= top.identity.startTime }
    }
}
