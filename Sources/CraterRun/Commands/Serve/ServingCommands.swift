import CraterRunCore

/// The commands that serve an app.
enum ServingCommands {
    static let all: [any ServingCommand.Type] =
        [TensorBoardCommand.self, JupyterCommand.self, VisdomCommand.self] + SimpleAppCommands.all + [
            CustomAppCommand.self
        ]

    /// The words that an app line can begin with.
    static let names = all.map { $0.name }

    /// The command line with the app's familiar flags (``FamiliarFlags``) moved behind the `--`. A line of another
    /// command is returned unchanged.
    static func sorted(_ words: [String]) -> [String] {
        guard let name = words.first, let command = command(named: name), command != CustomAppCommand.self else {
            return words
        }
        return [name] + command.table.sorted(words.dropFirst(), moving: command.familiarFlags)
    }

    static func command(named name: String) -> (any ServingCommand.Type)? { all.first { $0.name == name } }
}
