import ArgumentParser
import CraterRunCore

/// The options that all app commands have in common.
struct ServeOptions: ParsableArguments {
    @Option(.rule) var rule: String?
    @Option(.prefix) var prefix: String?
    @Option(.port) var port: String?
    @Option(.wait) var wait: String?
    @Option(.onRuleChange) var onRuleChange: String?
    @Option(.restart) var restart: String?
    @Option(.maxRestarts) var maxRestarts: String?
    @Option(.stopTimeout) var stopTimeout: String?
    @Option(.checkInterval) var checkInterval: String?
    @Option(.restartUnresponsive) var restartUnresponsive: String?
    @OptionGroup var door: DoorOptions
    @OptionGroup var health: HealthOptions
    @OptionGroup var log: LogOptions
    @Flag(.detach) var detach = false
    @Flag(.replace) var replace = false
    @Flag(.dryRun) var dryRun = false

    var given: GivenWords {
        var given = GivenWords()
        given.add(.rule, rule)
        given.add(.prefix, prefix)
        given.add(.port, port)
        given.add(.wait, wait)
        given.add(.onRuleChange, onRuleChange)
        given.add(.restart, restart)
        given.add(.maxRestarts, maxRestarts)
        given.add(.stopTimeout, stopTimeout)
        given.add(.checkInterval, checkInterval)
        given.add(.restartUnresponsive, restartUnresponsive)
        given.add(door.given)
        given.add(health.given)
        given.add(log.given)
        given.add(.detach, detach)
        given.add(.replace, replace)
        given.add(.dryRun, dryRun)
        return given
    }
}
