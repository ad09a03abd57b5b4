package import CraterRunCore
internal import Glibc

/// A server of this machine, to which a command sends a request and waits for the answer: its address, and the users
/// whose answers count. No thread is started.
package struct LocalServer: Sendable {
    package struct Answer: Sendable {
        package let response: HTTPResponse
        /// The user who serves at the address, as the kernel has it; nil if that cannot be known.
        package let user: UInt32?
    }

    /// Why there is no answer.
    package enum Failure: Error, Equatable {
        /// ETIMEDOUT if the deadline passed first.
        case call(SystemCallError)
        /// This user serves at the address, and the user's answers do not count.
        case stranger(user: UInt32)
        case tooLong
    }

    private let address: SocketAddress
    private let users: ServingUsers

    /// - Parameter users: at a unix socket, nothing is sent to other users. At a port, it is known only after the
    ///   answer who gave the answer.
    package init(at address: SocketAddress, of users: ServingUsers) {
        self.address = address
        self.users = users
    }

    /// Sends a request, and waits until the response is whole or the server closes the connection.
    ///
    /// - Parameters:
    ///   - limit: the length of the longest answer, in bytes.
    ///   - isSecret: whether no other user may read the request. The request is then sent to a port only if a socket of
    ///     these users listened there before and after the connection was made, and no socket of another user.
    package func answer(
        to request: HTTPRequest, until deadline: MonotonicInstant, limit: Int, isSecret: Bool = false
    ) throws(Failure) -> Answer {
        let before = isSecret ? try listeners() : []
        let exchange: HTTPExchange
        do throws(SystemCallError) {
            exchange = try connect(request, until: deadline, limit: limit)
        } catch { throw .call(error) }
        var user: UInt32?
        if case .unix = address {
            user = PeerCredentials(of: exchange.descriptor)?.user
            if let user, !users.include(user) { throw .stranger(user: user) }
        }
        // A socket that listened all the time has accepted the connection: no other socket could have the port
        // meanwhile.
        if isSecret, port != nil, try before.isDisjoint(with: listeners()) {
            throw .call(SystemCallError(call: "connect", number: ECONNRESET))
        }
        do throws(SystemCallError) { try exchange.waitForResponse(until: deadline) } catch { throw .call(error) }
        guard exchange.response.received <= limit else { throw .tooLong }
        if let port {
            // Nobody can tell without /proc/net.
            let owners = PortProbe.listeners(at: port).map(\.uid)
            user = owners.first { !users.include($0) } ?? owners.first
            if let user, !users.include(user) { throw .stranger(user: user) }
        }
        return Answer(response: exchange.response, user: user)
    }

    /// The port, unless the server is at a unix socket.
    private var port: UInt16? { if case .ipv4(_, let port) = address { port } else { nil } }

    /// An exchange that is connected, and has sent nothing yet.
    private func connect(
        _ request: HTTPRequest, until deadline: MonotonicInstant, limit: Int
    ) throws(SystemCallError) -> HTTPExchange {
        while true {
            do throws(SystemCallError) {
                let exchange = try HTTPExchange(request, at: address, limit: limit)
                try exchange.waitUntilReady(for: .output, until: deadline)
                try exchange.confirmConnection()
                return exchange
            } catch {
                // The queue of a unix socket is full. poll(2) cannot wait for room in the queue.
                guard error.number == EAGAIN else { throw error }
                guard MonotonicClock.now() < deadline else {
                    throw SystemCallError(call: "connect", number: ETIMEDOUT)
                }
                Pause.wait(.milliseconds(5))
            }
        }
    }

    /// The inodes of the sockets that listen at the port, all of which are these users'.
    private func listeners() throws(Failure) -> Set<UInt64> {
        guard let port else { return [] }
        let listeners = PortProbe.listeners(at: port)
        if let stranger = listeners.first(where: { !users.include($0.uid) }) { throw .stranger(user: stranger.uid) }
        return Set(listeners.map(\.inode))
    }
}
