internal import CraterRunCore

/// The processes that a supervisor left behind that was killed: its apps carry the nonce that the one after it has too.
struct Predecessors {
    let nonce: UInt64
    /// Each with its app, as they were at the last look.
    private var known: [ProcessIdentity: String] = [:]

    init(nonce: UInt64) {
        self.nonce = nonce
    }

    mutating func count() -> Int {
        look()
        return known.count
    }

    /// Sends each its app's stop signal; SIGTERM to those of an app without an entry.
    mutating func stop(signals: [String: Signal]) {
        look()
        for (process, app) in known {
            ProcessTable.send(signals[app] ?? .terminate, to: process)
            // A process that is stopped would never see the first one.
            ProcessTable.send(.resume, to: process)
        }
    }

    mutating func kill() {
        look()
        for process in known.keys { ProcessTable.send(.kill, to: process) }
    }

    private mutating func look() {
        let own = ProcessTable.ownLine()
        var present: [ProcessIdentity: String] = [:]
        for row in ProcessTable.rows() where !own.contains(row.identity.pid) && !ProcessTable.hasEnded(row) {
            let instance = ProcessTable.instance(of: row.identity.pid)
            // On its way out a process has no environment any more, and its port still: what was known of it counts.
            let app = instance.flatMap { LaunchMarker.app(of: $0, nonce: nonce) } ?? known[row.identity]
            present[row.identity] = app
        }
        known = present
    }
}
