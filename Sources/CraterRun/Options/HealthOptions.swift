import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// How a supervisor answers probes.
struct HealthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answer probes and metrics over HTTP at this port, on all interfaces: a number, or off. Default: 9550 under up and "
                + "as PID 1, off by hand. [CRATER_RUN_HEALTH_PORT]",
            valueName: "number|off"
        )
    )
    var healthPort: String?

    @Option(
        help: ArgumentHelp(
            "When /readyz says that all is ready: any of the apps that have a rule is, all of them are, or these are: names with "
                + "commas between them. Default: any under up, all for one app. [CRATER_RUN_READY_WHEN]",
            valueName: "any|all|names"
        )
    )
    var readyWhen: String?
}

/// The same, once it has been read.
struct HealthSettings {
    /// The port where nobody says.
    static let usualPort: UInt16 = 9550

    /// Nil: none.
    let port: UInt16?
    let readyWhen: ReadyWhen
    /// Whether somebody asked for the port here and now.
    let isPortGiven: Bool

    init(_ options: HealthOptions, in mode: ServeMode, settings: inout Settings) {
        let port = settings.read(
            "--health-port",
            options.healthPort,
            variable: "CRATER_RUN_HEALTH_PORT",
            expected: "a number from 1 to 65535, or off",
            { HealthPort($0) }
        )
        isPortGiven = options.healthPort != nil
        self.port = port.map(\.number) ?? (mode == .byHand ? nil : HealthSettings.usualPort)
        readyWhen =
            settings.read(
                "--ready-when",
                options.readyWhen,
                variable: "CRATER_RUN_READY_WHEN",
                expected: "any, all, or names of apps with commas between them",
                ReadyWhen.init
            ) ?? (mode == .up ? .any : .all)
    }
}

/// The value of `--health-port`.
struct HealthPort {
    static let usual = HealthPort(number: HealthSettings.usualPort)

    let number: UInt16?

    private init(number: UInt16?) {
        self.number = number
    }

    init?(_ text: String) {
        if text == "off" {
            number = nil
        } else if let value = UInt16(text), value > 0 {
            number = value
        } else {
            return nil
        }
    }
}

/// What a supervisor is asked through, from before it begins until it ends.
struct Answering {
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
        definition: (@Sendable (HandOver) -> Result<AppDefinition, HandOver.Failure>)? = nil
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
            definition: definition ?? { _ in .failure(HandOver.Failure(refused)) }
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
