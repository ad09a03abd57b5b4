import ArgumentParser
import CraterRunCore

/// How a supervisor answers probes.
struct HealthOptions: ParsableArguments {
    @Option(.healthPort) var healthPort: String?
    @Option(.readyWhen) var readyWhen: String?

    var given: GivenWords {
        var given = GivenWords()
        given.add(.healthPort, healthPort)
        given.add(.readyWhen, readyWhen)
        return given
    }
}
