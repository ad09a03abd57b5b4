import ArgumentParser
import CraterRunCore
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

            A flag overrides its environment variable. crater-run help COMMAND explains a command. CRATER_RUN_DIR \
            names a directory for the control socket, tokens and the like, instead of /run/crater-run.

            EXAMPLES
              crater-run up -- python train.py
              crater-run tensorboard --logdir ./logs
              crater-run status
              crater-run doctor

            \(ExitCodes.table)
            """,
        version: BuildInfo.current.description,
        subcommands: [UpSupervisorCommand.self, DoorCommand.self],
        groupedSubcommands: [
            CommandGroup(name: "Entry Point", subcommands: [UpCommand.self]),
            CommandGroup(name: "App", subcommands: ServingCommands.all),
            CommandGroup(
                name: "Running Container",
                subcommands: [
                    StatusCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self, ProbeCommand.self,
                    DoctorCommand.self,
                ]),
            CommandGroup(name: "Pod", subcommands: [RulesCommand.self, AnnotationsCommand.self]),
            CommandGroup(name: "Setup", subcommands: [InstallCommand.self, CompletionCommand.self]),
        ]
    )

    static func main() {
        // This comes before anything else, so that no signal gets lost.
        let inherited = InheritedSignals.recordAndBlockAll()
        StandardDescriptors.fillClosed()
        let words = CommandLineWords()
        do {
            // Swift reads the arguments from /proc, which takes a descriptor.
            guard !ThisProcess.arguments().isEmpty else {
                throw CommandFailure(
                    "cannot read the command line: there is no descriptor left", code: CommandFailure.Code.usage)
            }
            if let number = words.firstInvalid { throw words.failure(at: number) }
            switch try Invocation(plain: words.own) ?? Invocation(parsing: words.own) {
            case .up(let given):
                ThisProcess.exit(try EntryPoint(given: given, words: words, inherited: inherited).run())
            case .supervisor(let given):
                let supervision = UpSupervision(besideJob: Settings(given))
                ThisProcess.exit(try supervision.runBesideJob(inherited: inherited))
            case .door(let link):
                inherited.restore()
                ThisProcess.exit(DoorCommand.run(link: link))
            case .probe(let probe):
                inherited.restore()
                ThisProcess.exit(try probe.run())
            case .serving(let request):
                ThisProcess.exit(try Foreground(request: request, inherited: inherited).run())
            // All signals stay blocked, so that none leaves half a copy behind.
            case .other(let install as InstallCommand): try install.run()
            case .other(var command):
                inherited.restore()
                try command.run()
            }
        } catch {
            // A shell asks for completions: after an error it gets none, and no message.
            if words.own.first == CompletionCommand.request, exitCode(for: error) != .success { ThisProcess.exit(1) }
            CommandFailure.exit(with: hinted(error, words: words.own), words: words.own)
        }
    }

    /// Adds a hint to an error of the argument parser, if the mistake is a common one: an unknown option is most often
    /// one of the app's own, which has to follow `--`.
    static func hinted(_ error: any Error, words: [String]) -> any Error {
        // crater-run's own failure already has a message for the user.
        if error is CommandFailure { return error }
        let parsed = ParserMessage(message(for: error), words: words)
        let message = parsed.lines.joined(separator: "\n")
        let commands = configuration.subcommands.filter { $0.configuration.shouldDisplay }
            .compactMap { $0.configuration.commandName }
        if words.first == "up",
            message.lowercased().contains("unexpected argument") || message.hasPrefix("Unknown option")
        {
            return CommandFailure(
                "cannot use the arguments of up: \(parsed.first) The job's command goes after --: "
                    + "crater-run up -- python train.py",
                code: CommandFailure.Code.usage
            )
        }
        let known = configuration.subcommands.compactMap { $0.configuration.commandName }
        if let word = words.first, !word.hasPrefix("-"), !(known + ["help"]).contains(word) {
            // Jupyter's programs are `jupyter-lab` and the like.
            let parts = word.split(separator: "-", maxSplits: 1).map(String.init)
            let near =
                parts.first.map(commands.contains) ?? false
                ? parts.joined(separator: " ") : commands.first { TypingDistance.isLikely(word, for: $0) }
            let offer = near.map { "did you mean crater-run \($0)?" } ?? "there are \(commands.joined(separator: ", "))"
            return CommandFailure(
                "cannot run \(word): there is no such command; \(offer)",
                code: CommandFailure.Code.usage
            )
        }
        guard let app = words.first, let command = ServingCommands.command(named: app) else { return error }
        let quoted = parsed.first.split(separator: "'").map(String.init)
        if message.hasPrefix("Unknown option"), let flag = quoted.dropFirst().first {
            // The library suggests the most similar name, even if it is not similar at all.
            let near = command.table.options.compactMap(\.option).first { TypingDistance.isLikely(flag, for: $0) }
            let offer = near.map { "; did you mean \($0)?" } ?? "."
            return CommandFailure(
                "cannot use \(flag): crater-run \(app) has no such option\(offer) If it is \(app)'s own, put it after --: "
                    + "crater-run \(app) … -- \(flag) …",
                code: CommandFailure.Code.usage
            )
        }
        if message.lowercased().contains("unexpected argument"), let word = quoted.dropFirst().first {
            let operand = command.directoryOption.map { " A directory goes after \($0)." } ?? ""
            return CommandFailure(
                "cannot use \(word): crater-run \(app) takes no such word.\(operand) Words for \(app) itself go after --: "
                    + "crater-run \(app) … -- …",
                code: CommandFailure.Code.usage
            )
        }
        return error
    }
}
