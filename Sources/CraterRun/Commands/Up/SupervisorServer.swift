import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// The server that answers requests to a supervisor, from before the supervisor begins until it ends.
struct SupervisorServer {
    let exchange: SupervisorExchange
    private let server: HealthServer
    private let isCountedOn: Bool

    /// Starts the server. All signals have to be blocked by now.
    ///
    /// - Parameters:
    ///   - isRestarted: whether another process restarts this one after its end and removes what it leaves behind. Then
    ///     the server ends this process if the reactor is stuck.
    ///   - definition: gives the app that a hand-over asks for; nil if no apps are taken over.
    /// - Throws: ``SystemCallError`` if the host refuses a descriptor.
    init(
        _ health: HealthSettings,
        in mode: ServeMode,
        isRestarted: Bool = ThisProcess.isProcessOne,
        nonce: UInt64,
        storage: RunStorage,
        definition: (@Sendable (HandOver) -> Result<AppDefinition, Refusal>)? = nil
    ) throws(SystemCallError) {
        isCountedOn = mode != .byHand || health.isPortGiven
        exchange = try SupervisorExchange(
            identity: SupervisorIdentity(
                instance: String(nonce, radix: 16),
                pid: ThisProcess.pid,
                kind: mode == .up ? .up : .foreground,
                startedAt: MonotonicClock.now(),
                startedAtDate: WallClock.now()
            ))
        let refused =
            "this crater-run serves a single app: only the entry point (crater-run up) takes apps over"
        var options = HealthServerOptions(
            port: health.port,
            readyWhen: health.readyWhen,
            version: BuildInfo.current.version,
            definition: definition ?? { _ in .failure(Refusal(refused)) }
        )
        options.noteHang = { storage.noteHang(of: $0) }
        options.endsWithReactor = isRestarted
        let store = HandOverStore(storage)
        // A worker writes: if the file system does not answer, probes are answered all the same.
        let keeper = Worker()
        options.keep = { app, bytes in keeper.submit { store.keep(bytes, as: app) } }
        server = HealthServer.start(exchange, options: options)
    }

    /// The server's log entries. If nobody relies on the server (by hand, without a given port), they are debug
    /// entries.
    var notes: [LogEntry] {
        isCountedOn ? server.notes : server.notes.map { LogEntry(.debug, $0.message) }
    }

    func end() { server.close() }
}
