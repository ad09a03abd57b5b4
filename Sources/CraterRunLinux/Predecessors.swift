internal import CraterRunCore

/// The processes that a supervisor left behind that was killed: its apps carry the nonce that the one after it has too.
enum Predecessors {
    static func count(nonce: UInt64) -> Int { find(nonce).count }

    /// Sends each its app's stop signal; SIGTERM to those of an app without an entry.
    static func stop(nonce: UInt64, signals: [String: Signal]) {
        for (process, app) in find(nonce) {
            ProcessTable.send(signals[app] ?? .terminate, to: process)
            // A process that is stopped would never see the first one.
            ProcessTable.send(.resume, to: process)
        }
    }

    static func kill(nonce: UInt64) {
        for (process, _) in find(nonce) { ProcessTable.send(.kill, to: process) }
    }

    private static func find(_ nonce: UInt64) -> [(process: ProcessIdentity, app: String)] {
        let own = ProcessTable.ownLine()
        return ProcessTable.rows().compactMap { row in
            guard !row.isZombie, !own.contains(row.identity.pid),
                let instance = ProcessTable.instance(of: row.identity.pid),
                let app = LaunchMarker.app(of: instance, nonce: nonce)
            else { return nil }
            return (row.identity, app)
        }
    }
}
