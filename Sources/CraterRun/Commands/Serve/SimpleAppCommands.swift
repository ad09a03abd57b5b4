import CraterRunCore

/// The commands of all simple apps.
enum SimpleAppCommands {
    static var all: [any ServingCommand.Type] { SimpleApps.all.map { command(of: $0) } }

    private static func command<App: SimpleApp>(of app: App.Type) -> any ServingCommand.Type {
        App.takesLogDirectory
            ? SimpleAppCommand<App, LogDirectoryOption>.self : SimpleAppCommand<App, NoOptions>.self
    }
}
