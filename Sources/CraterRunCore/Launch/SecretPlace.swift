/// The place from which an app reads a secret.
package enum SecretPlace: Equatable, Sendable, CustomStringConvertible {
    /// A file that only its owner can read.
    case file(path: String)
    /// Memory that the app inherits as this file descriptor, and that nobody can change.
    case descriptor(Int32)

    /// A file of this name in an app's private directory; memory if there is no such directory.
    package init(_ name: String, in directory: String?) {
        self = directory.map { .file(path: "\($0)/\(name)") } ?? .descriptor(3)
    }

    /// The path that the app opens.
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
