/// Where an app that is behind the front door wants to listen.
package enum BackendWish: Equatable, Sendable {
    /// A port of the loopback address that is free.
    case anyPort
    /// This port of the loopback address, 1…65535, which the user names.
    case port(UInt16)
    /// A UNIX stream socket in the app's private directory. No other user can connect to it, and nobody in another
    /// container of the pod. `isNeeded`: whether the app cannot be told a port instead.
    case socket(isNeeded: Bool)
}

extension HostFacts {
    /// The file name of an app's socket in its private directory.
    package static let socketName = "socket"

    /// The longest path of a socket, in bytes: `sun_path` has 108, and ends with a NUL (unix(7)).
    private static let longestSocketPath = 107

    /// The path of the app's socket in its private directory.
    package func socketPath() throws(LaunchFailure) -> String {
        guard let privateDirectory else {
            let why = unsafePlaces.isEmpty ? "" : ": " + unsafePlaces.joined(separator: "; ")
            throw .temporary("there is no place for its socket (CRATER_RUN_DIR names a directory)\(why)")
        }
        let path = "\(privateDirectory)/\(HostFacts.socketName)"
        guard path.utf8.count <= HostFacts.longestSocketPath else {
            throw .misconfigured(
                "the path of its socket would have \(path.utf8.count) bytes, and Linux allows \(HostFacts.longestSocketPath): "
                    + "\(path). Name a shorter directory in CRATER_RUN_DIR")
        }
        return path
    }
}
