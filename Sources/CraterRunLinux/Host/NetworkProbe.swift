internal import CraterRunCore
internal import Glibc

/// Finds the processes that listen at TCP ports.
enum NetworkProbe {
    static func facts() -> NetworkFacts {
        let listeners = PortProbe.listeners()
        let ports = Dictionary(listeners.map { ($0.inode, $0.port) }, uniquingKeysWith: { first, _ in first })
        let rows = ProcessTable.rows()
        let readings = InstanceReader().instances(of: rows.map(\.identity))
        let processes = rows.compactMap { row -> ListeningProcess? in
            let pid = row.identity.pid
            let own = Set((ProcessTable.sockets(of: pid) ?? []).compactMap { ports[$0] })
            guard !own.isEmpty else { return nil }
            let instance: String? = if case .instance(let value) = readings[row.identity] { value } else { nil }
            return ListeningProcess(
                pid: pid,
                name: row.name,
                words: ProcessTable.words(of: pid),
                ports: own,
                keeper: instance == nil ? .nobody : keeper(of: row, among: rows),
                servedApp: instance?.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init)
            )
        }
        return NetworkFacts(listeners: listeners, processes: processes)
    }

    /// What looks after a process that carries an app's marker. A process that a user starts in a served Jupyter's
    /// terminal carries the marker too, but is in another session than the one that crater-run began.
    static func keeper(of row: ProcessRow, among rows: [ProcessRow]) -> ListeningProcess.Keeper {
        guard let supervisor = ProcessTable.supervisor(of: row, among: rows) else { return .deadSupervisor }
        let leader = rows.first { $0.identity.pid == row.session }
        return leader?.parent == supervisor ? .supervisor(pid: supervisor) : .nobody
    }
}
