import ArgumentParser
import CraterRunCore

/// The options for a supervisor's answers to probes.
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
