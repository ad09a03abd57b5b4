import ArgumentParser
import CraterRunCore

/// A command that serves one app: in the foreground, or as a line of `up --app`.
protocol ServingCommand: ParsableCommand {
    /// The command's word.
    static var name: String { get }
    /// The option that names the program to start, instead of the one that is found; nil if there is no such option.
    static var executable: Setting<String>? { get }
    /// The options and operands that the command may have.
    static var table: OptionTable { get }
    /// The app's own flags that people type before the `--`. crater-run moves these flags behind the `--`.
    static var familiarFlags: FamiliarFlags { get }
    /// The option that names the app's directory. An error message suggests it to users who give a directory without an
    /// option. Nil if there is no such option.
    static var directoryOption: String? { get }
    /// Whether the words contain everything that the command needs. If not, the library parses them and reports the
    /// error.
    static func isComplete(_ given: GivenWords) -> Bool
    /// The app, made from its settings.
    static func app(_ settings: inout Settings) -> any WebApp

    /// The words that the command was given.
    var given: GivenWords { get }
}

extension ServingCommand {
    static func isComplete(_ given: GivenWords) -> Bool { true }
    static var directoryOption: String? { nil }

    /// The table of a command with its own options and those of all commands that serve an app.
    static func table(_ options: [SettingDeclaration], operands: OptionTable.Operands = .none) -> OptionTable {
        let own = options + (executable.map { [$0.declaration] } ?? [])
        return OptionTable(own + SettingDeclaration.serving, operands: operands, takesPassedOn: true)
    }
}
