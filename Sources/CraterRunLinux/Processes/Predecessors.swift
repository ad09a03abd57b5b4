internal import CraterRunCore

/// The processes that a killed supervisor left behind. Its apps carry the run's nonce, which the next supervisor has
/// too.
struct Predecessors {
    let nonce: UInt64
    /// The processes that the last survey found, each with its app.
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

    /// Sends each process the stop signal of its app; SIGTERM if `signals` does not have the app.
    mutating func stop(signals: [String: Signal]) {
        survey()
        for (process, app) in known {
            ProcessTable.send(signals[app] ?? .terminate, to: process)
            // A stopped process would not see its stop signal without SIGCONT.
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
            // A process that is ending has no environment any more, but still has its port: what was known of it
            // counts.
            let app = instance.flatMap { LaunchMarker.app(of: $0, nonce: nonce) } ?? known[row.identity]
            present[row.identity] = app
        }
        known = present
    }
}
