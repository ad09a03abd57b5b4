import ArgumentParser
import CraterRunCore

/// A parsed request to serve an app: the command, and the words that it was given.
struct AppRequest: Equatable {
    let command: any ServingCommand.Type
    let given: GivenWords

    static func == (left: AppRequest, right: AppRequest) -> Bool {
        left.command == right.command && left.given == right.given
    }

    init(_ command: any ServingCommand.Type, _ given: GivenWords) {
        self.command = command
        self.given = given
    }

    /// Nil if our own tables of options cannot parse the words, or if the words are for another kind of command.
    init?(plain words: [String]) {
        guard let name = words.first, let command = ServingCommands.command(named: name),
            let given = command.table.read(ServingCommands.sorted(words).dropFirst()), command.isComplete(given)
        else { return nil }
        self.init(command, given)
    }

    /// The app, and how it is served.
    ///
    /// - Parameter up: the settings of `up` for the front door, where the app's own say nothing.
    func definition(
        in mode: ServeMode, publicHost: PublicHost?, under up: DoorSettings? = nil, settings: inout Settings
    ) -> AppDefinition {
        let app = command.app(&settings)
        if !app.isUsersProgram {
            for option in command.table.misplaced(in: given.operands + given.passedOn) {
                settings.note(
                    "cannot pass \(option) on to \(command.name): it is crater-run's own, put it before the --")
            }
        }
        var definition = settings.definition(of: app, in: mode, publicHost: publicHost, under: up)
        definition.executable = command.executable.flatMap { settings.read($0) }
        return definition
    }

    /// The given options that have no meaning for an app under `up`.
    var misplacedOptions: [String] {
        [
            Setting.dryRun.declaration, Setting.wait.declaration, Setting.detach.declaration,
            Setting.replace.declaration, Setting.healthPort.declaration, Setting.readyWhen.declaration,
            Setting.logLevel.declaration, Setting.logFormat.declaration, Setting.annotations.declaration,
            Setting.publicHost.declaration,
        ].filter(given.has).compactMap(\.option)
    }
}
