import ArgumentParser

/// The root command.
@main
struct CraterRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crater-run",
        abstract: "Serves web apps at the paths of their pod's ingress rules, and keeps them running.",
        subcommands: [RulesCommand.self, AnnotationsCommand.self]
    )
}
