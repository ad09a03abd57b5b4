internal import CraterRunCore
internal import Glibc

/// A socket that listens at a port of all addresses. Nobody here accepts at it: it is handed to the front door, and stays
/// open while one door follows another, so that connections wait in its queue.
final class ListeningSocket: Sendable {
    /// The kernel limits the queue to its own limit (net.core.somaxconn).
    private static let backlog: Int32 = 4096

    let descriptor: Int32

    /// - Throws: ``SystemCallError``; EADDRINUSE if another process has the port.
    init(port: UInt16) throws(SystemCallError) {
        do throws(SystemCallError) {
            descriptor = try ListeningSocket.open(.all(port: port))
        } catch  where [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.number) {
            // A host without IPv6.
            descriptor = try ListeningSocket.open(.ipv4(.any, port: port))
        }
    }

    /// - Parameter descriptor: that of a listening socket, which belongs to this object from now on.
    init(taking descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static func open(_ address: SocketAddress) throws(SystemCallError) -> Int32 {
        let descriptor = try address.open()
        // As servers do: lingering connections of a server before are no reason to wait.
        SocketAddress.enable(SO_REUSEADDR, of: descriptor)
        do throws(SystemCallError) {
            try address.bind(descriptor)
            try SocketAddress.listen(at: descriptor, backlog: backlog)
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }
}
