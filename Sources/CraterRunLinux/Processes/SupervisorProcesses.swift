internal import CraterRunCore

/// Supervisors as the table of processes shows them: also those whose control socket is nowhere to be found.
package enum SupervisorProcesses {
    /// The pids of crater-runs that look after apps, but for those that we were started by.
    ///
    /// - Parameter commands: the words after the program's name that such ones are started with.
    package static func pids(startedBy commands: Set<String>) -> [Int32] {
        let own = ProcessTable.ownLine()
        return ProcessTable.rows().filter { $0.name == "crater-run" && !$0.isZombie && !own.contains($0.identity.pid) }
            .map(\.identity.pid)
            .filter { pid in
                let words = ProcessTable.words(of: pid).dropFirst()
                // In front of a job it has another process do it.
                if words.first == "up", words.contains("--") { return false }
                return words.first.map(commands.contains) ?? false
            }
    }
}
