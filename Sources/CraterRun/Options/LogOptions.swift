import ArgumentParser
import CraterRunCore

/// How the output of apps is passed on, and crater-run's own lines are written.
struct LogOptions: ParsableArguments {
    @Option(.logPrefix) var logPrefix: String?
    @Option(.logLevel) var logLevel: String?
    @Option(.logFormat) var logFormat: String?

    var given: GivenWords {
        var given = GivenWords()
        given.add(.logPrefix, logPrefix)
        given.add(.logLevel, logLevel)
        given.add(.logFormat, logFormat)
        return given
    }
}
