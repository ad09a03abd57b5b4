/// Something that is done for the front door, as the supervisor decides. Actions are performed in order.
package enum DoorAction: Equatable, Sendable {
    /// Open a listening socket at this port of all addresses. Answer with `listening` or `listenFailed`.
    case listen(UInt16)
    /// Close the listening socket at this port.
    case close(UInt16)
    /// Start a door. Answer with `started` or `startFailed`.
    case start
    /// Send SIGKILL to the door, and forget it: no event about it may follow.
    case kill
    /// Look at what the door's process does. Answer with `observed`.
    case observe
    /// Tell the door something. ``DoorMessage/listen(ports:)`` takes the sockets along. A door that is gone hears
    /// nothing.
    case send(DoorMessage)
}
