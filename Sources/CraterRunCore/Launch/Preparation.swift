/// What has to be there before an app is started, below crater-run's private directory. Done in order; doing it again does
/// no harm.
package enum Preparation: Equatable, Sendable, CustomStringConvertible {
    /// A directory that its owner alone can use.
    case directory(path: String)
    /// The same, without the files of an earlier run whose names begin with one of these.
    case runtimeDirectory(path: String, without: [String])
    /// A file that its owner alone can read, with a random token of 48 hexadecimal digits. One that is there stays.
    case token(path: String)

    package var description: String {
        switch self {
        case .directory(let path), .runtimeDirectory(let path, _): "directory \(ShellQuoting.quote(path))"
        case .token(let path): "random token in \(ShellQuoting.quote(path))"
        }
    }
}

/// What an app's launch needs beyond its command.
package struct LaunchNeeds: Equatable, Sendable {
    package var environment: EnvironmentEdits
    package var preparations: [Preparation]
    /// What the user should know about it, a line each.
    package var notes: [String]
    /// What it lacks to be of any use.
    package var lack: AppLack?

    package init(
        environment: EnvironmentEdits = EnvironmentEdits(), preparations: [Preparation] = [], notes: [String] = []
    ) {
        self.environment = environment
        self.preparations = preparations
        self.notes = notes
    }
}

/// What an app lacks that starts without it, and then shows nothing.
package struct AppLack: Equatable, Sendable {
    package let message: String
    /// How to mend it.
    package let remedy: String

    package init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
