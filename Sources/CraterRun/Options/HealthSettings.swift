import CraterRunCore

/// How a supervisor answers probes, once it has been read.
struct HealthSettings {
    /// Nil: none.
    let port: UInt16?
    let readyWhen: ReadyWhen
    /// Whether somebody asked for the port here and now.
    let isPortGiven: Bool

    init(in mode: ServeMode, settings: inout Settings) {
        let port = settings.read(.healthPort)
        isPortGiven = settings.given[.healthPort] != nil
        self.port = port.map(\.number) ?? (mode == .byHand ? nil : HealthPort.usual.number)
        readyWhen = settings.read(.readyWhen) ?? (mode == .up ? .any : .all)
    }
}
