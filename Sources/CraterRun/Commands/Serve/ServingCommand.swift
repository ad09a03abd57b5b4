import ArgumentParser
import CraterRunCore

/// A command that serves one app: in the foreground, or as a line of `up --app`.
protocol ServingCommand: ParsableCommand {
    /// The command's word.
    static var name: String { get }
    /// The option for the program to start instead of the one that is found; nil where the program is not to choose.
    static var executable: Setting<String>? { get }
    /// What plain words of the command may be.
    static var table: OptionTable { get }
    /// The app's own flags that people type before the `--`.
    static var familiarFlags: FamiliarFlags { get }
    /// The option for the directory that people may give without it; nil if there is none.
    static var directoryOption: String? { get }
    /// Whether plain words say all that the command has to know.
    static func isComplete(_ given: GivenWords) -> Bool
    /// The app, as its settings have it.
    static func app(_ settings: inout Settings) -> any WebApp

    /// What was given.
    var given: GivenWords { get }
}

extension ServingCommand {
    static func isComplete(_ given: GivenWords) -> Bool { true }
    static var familiarFlags: FamiliarFlags { .simple }
    static var directoryOption: String? { nil }

    /// The table of a command with these options beside what all such commands have.
    static func table(_ options: [SettingDeclaration], operands: OptionTable.Operands = .none) -> OptionTable {
        let own = options + (executable.map { [$0.declaration] } ?? [])
        return OptionTable(own + SettingDeclaration.serving, operands: operands, takesPassedOn: true)
    }
}
