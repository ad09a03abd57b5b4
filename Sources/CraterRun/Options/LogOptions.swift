import ArgumentParser
import CraterRunCore

/// The options for the apps' output and crater-run's own log lines.
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
