import ArgumentParser

/// How a command shows its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The option of all commands that show something.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Print text for people, or JSON for programs. Default: text. [CRATER_RUN_OUTPUT]", valueName: "text|json")
    )
    var output: OutputFormat?

    func format(settings: inout Settings) -> OutputFormat {
        output
            ?? settings.read(
                "--output",
                nil,
                variable: "CRATER_RUN_OUTPUT",
                expected: "text or json",
                OutputFormat.init(rawValue:)
            ) ?? .text
    }
}
