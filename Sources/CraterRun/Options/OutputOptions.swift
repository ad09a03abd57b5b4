import ArgumentParser
import CraterRunCore

/// The option of all commands that show something.
struct OutputOptions: ParsableArguments {
    @Option(.output) var output: OutputFormat?

    var given: GivenWords {
        var given = GivenWords()
        given.add(.output, output?.rawValue)
        return given
    }
}
