/// The listening sockets of a supervisor's front door, by port. Beside a job they are also parked, so that they outlive a
/// supervisor that is killed: connections then wait in their queues until the next supervisor's door accepts them.
package final class DoorSockets {
    private let parking: SocketParking?
    /// The number of our messages that are under way in ``parking``.
    private var messages = 0
    private var sockets: [UInt16: ListeningSocket] = [:]

    /// - Parameter parking: has the sockets of an earlier supervisor, which are ours from now on.
    package init(parking: SocketParking? = nil) {
        self.parking = parking
        while let taken = parking?.take() {
            for descriptor in taken {
                let socket = ListeningSocket(taking: descriptor)
                // A supervisor that was killed while it parked has left several copies of one socket.
                if let port = SocketAddress.port(of: descriptor) { sockets[port] = socket }
            }
        }
        if !sockets.isEmpty { park() }
    }

    /// The ports of all sockets.
    package var ports: Set<UInt16> { Set(sockets.keys) }

    /// The socket at a port. A socket that is taken away is closed; the port is free once the door has closed it too.
    subscript(port: UInt16) -> ListeningSocket? {
        get { sockets[port] }
        set {
            sockets[port] = newValue
            park()
        }
    }

    /// Parks all sockets anew, and only then takes away what was parked before: no socket is without a place meanwhile.
    private func park() {
        guard let parking else { return }
        let former = messages
        messages = parking.park(sockets.values.map(\.descriptor))
        for _ in 0..<former { DescriptorSocket.close(parking.take() ?? []) }
    }
}
