import CraterRunCore

/// The commands that serve an app.
enum ServingCommands {
    static let all: [any ServingCommand.Type] =
        [TensorBoardCommand.self, JupyterCommand.self, VisdomCommand.self] + SimpleAppCommands.all + [
            CustomAppCommand.self
        ]

    /// The words that an app line can begin with.
    static let names = all.map { $0.name }

    static func command(named name: String) -> (any ServingCommand.Type)? { all.first { $0.name == name } }
}
