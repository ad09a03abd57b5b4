import ArgumentParser
import CraterRunLinux

/// The root command.
@main
struct CraterRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crater-run",
        abstract: "Serves web apps at the paths of their pod's ingress rules, and keeps them running.",
        discussion: """
            Each app command finds its ingress rule in the pod's annotations, starts the app with the flags that fit it, \
            restarts it when it dies and follows the rule when it changes. Flags for the app itself go after --.

            \(ExitCodes.table)
            """,
        subcommands: apps + [RulesCommand.self, AnnotationsCommand.self]
    )

    /// The commands that serve an app.
    private static let apps: [any ServingCommand.Type] =
        [TensorBoardCommand.self, JupyterCommand.self, VisdomCommand.self] + SimpleAppCommands.all + [
            CustomAppCommand.self
        ]

    static func main() {
        // Before anything else: a signal in the first microsecond must not get lost.
        let inherited = InheritedSignals.recordAndBlockAll()
        StandardDescriptors.fillClosed()
        do {
            if let number = CommandLineWords.firstInvalid { throw CommandLineWords.failure(at: number) }
            var command = try parseAsRoot()
            if let serving = command as? any ServingCommand {
                ThisProcess.exit(try serving.serve(inherited: inherited))
            }
            inherited.restore()
            try command.run()
        } catch {
            CommandFailure.exit(with: hinted(error))
        }
    }

    /// An unknown option is most often one of the app's own.
    private static func hinted(_ error: any Error) -> any Error {
        let message = message(for: error)
        let words = CommandLine.arguments.dropFirst()
        let commands = configuration.subcommands.compactMap { $0.configuration.commandName }
        if let word = words.first, !word.hasPrefix("-"), !(commands + ["help"]).contains(word) {
            return CommandFailure(
                "cannot run \(word): there is no such command; there are \(commands.joined(separator: ", "))",
                code: CommandFailure.Code.usage
            )
        }
        guard message.hasPrefix("Unknown option"), !message.contains("Did you mean"), let app = words.first,
            !words.contains("--"),
            apps.contains(where: { $0.configuration.commandName == app }),
            let flag = message.split(separator: "'").dropFirst().first
        else { return error }
        return CommandFailure(
            "cannot use \(flag): crater-run \(app) has no such option. If it is \(app)'s own, put it after --: "
                + "crater-run \(app) … -- \(flag) …",
            code: CommandFailure.Code.usage
        )
    }
}

/// The words of our command line as the kernel gave them.
enum CommandLineWords {
    /// The number of the first word that is not UTF-8, counted from 1; nil if all are.
    static var firstInvalid: Int? {
        (0..<Int(CommandLine.argc)).first { index in
            CommandLine.unsafeArgv[index].map { String(validatingCString: $0) == nil } ?? false
        }
    }

    static func failure(at number: Int) -> CommandFailure {
        let text = number < CommandLine.arguments.count ? CommandLine.arguments[number] : ""
        return CommandFailure(
            "cannot use argument \(number), \(text): it is not UTF-8",
            code: CommandFailure.Code.usage
        )
    }
}
