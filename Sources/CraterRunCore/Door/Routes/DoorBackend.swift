/// Where an app behind a door listens.
package enum DoorBackend: Hashable, Sendable {
    /// A port of 127.0.0.1, 1…65535.
    case port(UInt16)
    /// A UNIX stream socket at this absolute path.
    case socket(path: String)
}
