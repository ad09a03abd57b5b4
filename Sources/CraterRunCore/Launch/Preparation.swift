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
