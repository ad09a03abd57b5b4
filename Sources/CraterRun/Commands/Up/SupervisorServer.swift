import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// What a supervisor is asked through, from before it begins until it ends.
struct SupervisorServer {
    let exchange: SupervisorExchange
    private let server: HealthServer
    private let isCountedOn: Bool

    /// Starts to answer. All signals have to be blocked by now.
    ///
    /// - Parameters:
    ///   - isRestarted: whether somebody starts this process again when it ends, and clears away what it leaves: then a reactor
    ///     that is stuck is the end.
    ///   - definition: what a hand-over asks for.
    /// - Throws: ``SystemCallError`` where the host refuses a descriptor.
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
            "the crater-run that answers serves one app alone: only the entry point (crater-run up) takes apps over"
        var options = HealthServerOptions(
            port: health.port,
            readyWhen: health.readyWhen,
            version: BuildInfo.current.version,
            definition: definition ?? { _ in .failure(Refusal(refused)) }
        )
        options.noteHang = { storage.noteHang(of: $0) }
        options.endsWithReactor = isRestarted
        let store = HandOverStore(storage)
        // Where a file system does not answer, the probes do.
        let keeper = Worker()
        options.keep = { app, bytes in keeper.submit { store.keep(bytes, as: app) } }
        server = HealthServer.start(exchange, options: options)
    }

    /// What the log says of it. By hand nobody counts on what nobody asked for.
    var notes: [LogEntry] {
        isCountedOn ? server.notes : server.notes.map { LogEntry(.debug, $0.message) }
    }

    func end() { server.close() }
}
