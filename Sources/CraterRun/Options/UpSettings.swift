import CraterRunCore
import CraterRunLinux

/// The settings of `up`, from options and environment.
struct UpSettings {
    let initOptions: InitOptions
    let autoDelay: Duration
    let isAutomatic: Bool
    let appLines: [AppLine]
    let source: PodSource
    let publicHost: PublicHost?
    let health: HealthSettings
    let logStyle: LogStyle
    /// Whether each line of an app's output begins with the app's name; nil if no setting of `up` says it.
    let prefixesOutput: Bool?
    /// How apps are served through the front door, unless their lines say otherwise.
    let door: DoorSettings
    /// The home page, without what it offers; nil if a setting says that there is none.
    let home: HomeOptions?

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
        door = DoorSettings(&settings)
        var home = HomeOptions()
        home.wish.name = settings.read(.home)
        home.login = door.homeLogin
        self.home = home.wish.name == "off" ? nil : home
        publicHost = settings.read(.publicHost)
        source = PodSource(&settings)
        appLines = settings.readAll(.apps).map(AppLine.init)
    }

    /// Every app that needs nothing but its name, defined as its command without options.
    ///
    /// Apps that know no prefix are served only where a user asks for them. Some of them change what a job does: a
    /// `ray.init()` of the job's would find the Ray that a rule's name alone had started.
    func automaticApps(forgiven: inout [String]) -> [AppDefinition] {
        knownApps(forgiven: &forgiven).filter(\.app.knowsPrefix)
    }

    /// Every app that needs nothing but its name, also those that know no prefix: what a home page can offer.
    func knownApps(forgiven: inout [String]) -> [AppDefinition] {
        var definitions: [AppDefinition] = []
        for name in ServingCommands.names {
            // A custom app needs more than its name, so it has no definition here.
            if let definition = try? AppLine(text: name).definition(under: self, forgiven: &forgiven) {
                definitions.append(definition)
            }
        }
        return definitions
    }
}
