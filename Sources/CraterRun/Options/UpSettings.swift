import CraterRunCore
import CraterRunLinux

/// The options of `up`, once they have been read.
struct UpSettings {
    let initOptions: InitOptions
    let autoDelay: Duration
    let isAutomatic: Bool
    let appLines: [AppLine]
    let source: PodSource
    let publicHost: PublicHost?
    let health: HealthSettings
    let logStyle: LogStyle
    /// Whether names stand before the lines of apps; nil where nobody says.
    let prefixesOutput: Bool?

    init(_ settings: inout Settings) {
        var options = InitOptions(isProcessOne: ThisProcess.isProcessOne)
        options.signalGroup = settings.read(.signalGroup) ?? false
        options.stopSignal = settings.read(.stopSignal) ?? .terminate
        options.gracePeriod = settings.read(.gracePeriod)
        options.linger = settings.read(.linger) ?? .zero
        initOptions = options
        autoDelay = settings.read(.autoDelay) ?? .seconds(20)
        isAutomatic = settings.read(.auto) ?? false
        health = HealthSettings(in: .up, settings: &settings)
        logStyle = settings.logStyle()
        prefixesOutput = settings.read(.logPrefix)
        publicHost = settings.read(.publicHost)
        source = PodSource(&settings)
        appLines = settings.readAll(.apps).map(AppLine.init)
    }

    /// Every app that needs nothing but its name, as its command has it without options.
    func automaticApps(forgiven: inout [String]) -> [AppDefinition] {
        var definitions: [AppDefinition] = []
        for name in ServingCommands.names {
            // One that needs more than its name, as a custom app does, is none of them.
            if let definition = try? AppLine(text: name).definition(under: self, forgiven: &forgiven) {
                definitions.append(definition)
            }
        }
        return definitions
    }
}
