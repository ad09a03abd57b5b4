import CraterRunCore

/// The settings for a supervisor's answers to probes, from options and environment.
struct HealthSettings {
    /// The TCP port for probes; nil for no port.
    let port: UInt16?
    let readyWhen: ReadyWhen
    /// Whether an option of this call names the port.
    let isPortGiven: Bool

    init(in mode: ServeMode, settings: inout Settings) {
        let port = settings.read(.healthPort)
        isPortGiven = settings.given[.healthPort] != nil
        self.port = port.map(\.number) ?? (mode == .byHand ? nil : HealthPort.usual.number)
        readyWhen = settings.read(.readyWhen) ?? (mode == .up ? .any : .all)
    }
}
