internal import CraterRunCore

/// The processes that a supervisor left behind that was killed: its apps carry the nonce that the one after it has too.
struct Predecessors {
    let nonce: UInt64
    /// Each with its app, as they were at the last look.
    private var known: [ProcessIdentity: String] = [:]

    private let reader: InstanceReader

    init(nonce: UInt64, reader: InstanceReader) {
        self.nonce = nonce
        self.reader = reader
    }

    mutating func count() -> Int {
        survey()
        return known.count
    }

    /// Sends each its app's stop signal; SIGTERM to those of an app without an entry.
    mutating func stop(signals: [String: Signal]) {
        survey()
        for (process, app) in known {
            ProcessTable.send(signals[app] ?? .terminate, to: process)
            // A process that is stopped would never see the first one.
            ProcessTable.send(.resume, to: process)
        }
    }

    mutating func kill() {
        survey()
        for process in known.keys { ProcessTable.send(.kill, to: process) }
    }

    private mutating func survey() {
        let own = ProcessTable.ownLine()
        var present: [ProcessIdentity: String] = [:]
        let rows = ProcessTable.rows().filter { !own.contains($0.identity.pid) && !ProcessTable.hasEnded($0) }
        let readings = reader.instances(of: rows.map(\.identity))
        for row in rows {
            let instance: String? = if case .instance(let value) = readings[row.identity] { value } else { nil }
            // On its way out a process has no environment any more, and its port still: what was known of it counts.
            let app = instance.flatMap { LaunchMarker.app(of: $0, nonce: nonce) } ?? known[row.identity]
            present[row.identity] = app
        }
        known = present
    }
}
