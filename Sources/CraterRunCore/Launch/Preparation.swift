/// What has to be there before an app is started, below crater-run's private directory or in memory. Done in order; doing it
/// again does no harm.
package enum Preparation: Equatable, Sendable, CustomStringConvertible {
    /// A directory that its owner alone can use.
    case directory(path: String)
    /// The same, without the files of an earlier run whose names begin with one of these.
    case runtimeDirectory(path: String, without: [String])
    /// A random token of 48 hexadecimal digits. One that is there stays.
    case token(at: SecretPlace)
    /// The value of a variable of the app's environment, which its children inherit no more then.
    case variable(String, at: SecretPlace)

    package var description: String {
        switch self {
        case .directory(let path), .runtimeDirectory(let path, _): "directory \(ShellQuoting.quote(path))"
        case .token(let place): "random token in \(place)"
        case .variable(let name, let place): "the value of \(name) in \(place)"
        }
    }
}

/// Where an app reads a secret from.
package enum SecretPlace: Equatable, Sendable, CustomStringConvertible {
    /// A file that its owner alone can read.
    case file(path: String)
    /// Memory that the app has at this descriptor, and that nobody can change.
    case descriptor(Int32)

    /// A file of this name in an app's private directory; where there is none, memory.
    package init(_ name: String, in directory: String?) {
        self = directory.map { .file(path: "\($0)/\(name)") } ?? .descriptor(3)
    }

    /// What the app opens.
    package var path: String {
        switch self {
        case .file(let path): path
        case .descriptor(let number): "/proc/self/fd/\(number)"
        }
    }

    package var description: String {
        switch self {
        case .file(let path): ShellQuoting.quote(path)
        case .descriptor(let number): "memory, at descriptor \(number)"
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
