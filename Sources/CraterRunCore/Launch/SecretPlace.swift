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
