internal import Glibc

/// Connections that are there at once. On loopback and at unix sockets, the kernel makes a connection within connect(2).
package enum ConnectedSocket {
    /// - Returns: a socket that is connected to this address. No call on the socket waits, and the socket belongs to the
    ///   caller. Nil if the connection is not there yet, or nobody listens.
    package static func open(_ address: SocketAddress) -> Int32? {
        guard let descriptor = try? address.open() else { return nil }
        if isConnected(descriptor, to: address) { return descriptor }
        close(descriptor)
        return nil
    }

    private static func isConnected(_ descriptor: Int32, to address: SocketAddress) -> Bool {
        do throws(SystemCallError) { try address.connect(descriptor) } catch {
            guard error.number == EINPROGRESS else { return false }
            // A socket that could not connect is writable as well, and has an error.
            var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let count = try? systemCall("poll") { poll(&state, 1, 0) }
            return count == 1 && state.revents == Int16(POLLOUT)
        }
        return true
    }
}
