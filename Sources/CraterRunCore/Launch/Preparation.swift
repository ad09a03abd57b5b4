/// What must exist before an app starts, below crater-run's private directory or in memory. Preparations are made in
/// order; making one again does no harm.
package enum Preparation: Equatable, Sendable, CustomStringConvertible {
    /// A directory that only its owner can use.
    case directory(path: String)
    /// The same, without the files of an earlier run whose names begin with one of `without`.
    case runtimeDirectory(path: String, without: [String])
    /// A directory for the app's UNIX socket. A socket that an earlier launch has left there is removed.
    case socket(path: String)
    /// A file with this text. An existing file is replaced.
    case file(path: String, text: String)
    /// A random token of 48 hexadecimal digits. An existing token stays.
    case token(at: SecretPlace)
    /// The value of a variable of the app's environment. The variable is removed, so that the app's children do not
    /// inherit it.
    case variable(String, at: SecretPlace)

    package var description: String {
        switch self {
        case .directory(let path), .runtimeDirectory(let path, _): "directory \(ShellQuoting.quote(path))"
        case .socket(let path): "no file yet at \(ShellQuoting.quote(path))"
        case .file(let path, _): "file \(ShellQuoting.quote(path))"
        case .token(let place): "random token in \(place)"
        case .variable(let name, let place): "the value of \(name) in \(place)"
        }
    }
}
