import ArgumentParser
import CraterRunCore

/// The options of `up`. Its supervisor is started with the same options.
struct UpFlags: ParsableArguments {
    @Option(.apps) var apps: [String] = []
    @Option(.home) var home: String?
    @Flag(.auto) var auto = false
    @Option(.autoDelay) var autoDelay: String?
    @Option(.stopSignal) var stopSignal: String?
    @Flag(.signalGroup) var signalGroup = false
    @Option(.gracePeriod) var gracePeriod: String?
    @Option(.linger) var linger: String?
    @OptionGroup var door: DoorOptions
    @OptionGroup var health: HealthOptions
    @OptionGroup var log: LogOptions
    @OptionGroup(title: "Annotations") var source: AnnotationsOptions

    var given: GivenWords {
        var given = GivenWords()
        given.add(.apps, apps)
        given.add(.home, home)
        given.add(.auto, auto)
        given.add(.autoDelay, autoDelay)
        given.add(.stopSignal, stopSignal)
        given.add(.signalGroup, signalGroup)
        given.add(.gracePeriod, gracePeriod)
        given.add(.linger, linger)
        given.add(door.given)
        given.add(health.given)
        given.add(log.given)
        given.add(source.given)
        return given
    }
}
