/// Where an app listens, as the front door or the ingress connects to it.
package enum DoorBackend: Hashable, Sendable {
    /// A port, 1…65535: of 127.0.0.1 if the app is behind a door.
    case port(UInt16)
    /// A UNIX stream socket at this absolute path.
    case socket(path: String)
}

extension DoorBackend: CustomStringConvertible {
    /// The place behind a door, for people: `127.0.0.1:41027`, or the path of the socket.
    package var description: String {
        switch self {
        case .port(let port): "\(Backend.loopback):\(port)"
        case .socket(let path): path
        }
    }
}
