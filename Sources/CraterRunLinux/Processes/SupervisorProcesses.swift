internal import CraterRunCore

/// Finds supervisors in the table of processes, even those whose control socket cannot be found.
package enum SupervisorProcesses {
    /// The pids of crater-run processes that look after apps, without our own process and its ancestors.
    ///
    /// - Parameter commands: the words that follow the program's name on a supervisor's command line.
    package static func pids(startedBy commands: Set<String>) -> [Int32] {
        let own = ProcessTable.ownLine()
        return ProcessTable.rows().filter {
            $0.name == ProcessTable.supervisorName && !$0.isZombie && !own.contains($0.identity.pid)
        }
        .map(\.identity.pid)
        .filter { pid in
            let words = ProcessTable.words(of: pid).dropFirst()
            // `up` with a job is the init role; its supervisor is another process.
            if words.first == "up", words.contains("--") { return false }
            return words.first.map(commands.contains) ?? false
        }
    }
}
