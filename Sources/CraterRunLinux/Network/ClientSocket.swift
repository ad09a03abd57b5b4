package import CraterRunCore
internal import Glibc

/// A connection to a server of this machine, for one request: no thread, and no wait beyond its deadline.
package enum ClientSocket {
    /// Where to connect.
    package enum Address: Sendable {
        case unix(path: String)
        /// On 127.0.0.1.
        case loopback(port: UInt16)
    }

    /// What was answered.
    package struct Answer: Sendable {
        package let response: HTTPResponse
        /// Who serves there, as the kernel has it; nil where that cannot be known.
        package let user: UInt32?
    }

    /// Why there is no answer.
    package enum Failure: Error, Equatable {
        /// ETIMEDOUT where the deadline passed first.
        case call(SystemCallError)
        /// This user serves there, and its answer is none.
        case stranger(user: UInt32)
        case tooLong
    }

    /// Sends a request, and reads the answer to its end: where its Content-Length says, or the server closes.
    ///
    /// - Parameters:
    ///   - users: whose answer counts. Nobody else's socket is sent anything; of a port, it is known only afterwards.
    ///   - limit: in bytes. A longer answer is none.
    ///   - isSecret: whether the request is for these users alone: then it is sent to a port where nobody else listened while the
    ///     connection was made.
    package static func exchange(
        _ request: [UInt8], with address: Address, of users: ServingUsers, until deadline: MonotonicInstant, limit: Int,
        isSecret: Bool = false
    ) throws(Failure) -> Answer {
        let before = isSecret ? try ClientSocket.listeners(at: address, of: users) : []
        let descriptor: Int32
        do throws(SystemCallError) { descriptor = try open(address) } catch { throw .call(error) }
        defer { close(descriptor) }
        do throws(SystemCallError) {
            try connect(descriptor, to: address, until: deadline)
        } catch { throw .call(error) }
        var user: UInt32?
        if case .unix = address {
            user = peer(of: descriptor)
            if let user, !users.include(user) { throw .stranger(user: user) }
        }
        // Who listened all the time has accepted the connection: nobody else could have the port meanwhile.
        if isSecret, try before.isDisjoint(with: ClientSocket.listeners(at: address, of: users)) {
            throw .call(SystemCallError(call: "connect", number: ECONNRESET))
        }
        var response = HTTPResponse()
        do throws(SystemCallError) {
            try send(request, to: descriptor, until: deadline)
            while response.received <= limit, try receive(&response, from: descriptor, until: deadline) {}
        } catch { throw .call(error) }
        guard response.received <= limit else { throw .tooLong }
        if case .loopback(let port) = address {
            // Without the table (a /proc that is closed) nobody can tell.
            let owners = PortProbe.listeners(at: port).map(\.uid)
            user = owners.first { !users.include($0) } ?? owners.first
            if let user, !users.include(user) { throw .stranger(user: user) }
        }
        return Answer(response: response, user: user)
    }

    /// The inodes of the sockets that listen at a port, all of these users'.
    private static func listeners(at address: Address, of users: ServingUsers) throws(Failure) -> Set<UInt64> {
        guard case .loopback(let port) = address else { return [] }
        let listeners = PortProbe.listeners(at: port)
        if let stranger = listeners.first(where: { !users.include($0.uid) }) { throw .stranger(user: stranger.uid) }
        return Set(listeners.map(\.inode))
    }

    private static func open(_ address: Address) throws(SystemCallError) -> Int32 {
        let family: Int32
        switch address {
        case .unix(let path):
            family = AF_UNIX
            // sockaddr_un's path, with its end.
            guard path.utf8.count <= 107 else {
                throw SystemCallError(call: "connect", subject: path, number: ENAMETOOLONG)
            }
        case .loopback: family = AF_INET
        }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return try systemCall("socket") { socket(family, type, 0) }
    }

    /// The user who listens at the other end of a unix socket, as it was when that began to listen (unix(7), SO_PEERCRED).
    private static func peer(of descriptor: Int32) -> UInt32? {
        var credentials = PeerCredentials()
        var size = socklen_t(MemoryLayout<PeerCredentials>.size)
        let result = getsockopt(descriptor, SOL_SOCKET, PeerCredentials.optionNumber, &credentials, &size)
        return result == 0 ? credentials.user : nil
    }

    private static func send(
        _ request: [UInt8], to descriptor: Int32, until deadline: MonotonicInstant
    ) throws(SystemCallError) {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { sent += count } else { try pause(descriptor, POLLOUT, until: deadline, after: "send") }
        }
    }

    /// Takes in what comes next. A server that goes on and on is out of time as one is that says nothing.
    ///
    /// - Returns: whether more may come.
    private static func receive(
        _ response: inout HTTPResponse, from descriptor: Int32, until deadline: MonotonicInstant
    ) throws(SystemCallError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count == 0 { return false }
        guard count > 0 else {
            try pause(descriptor, POLLIN, until: deadline, after: "recv")
            return true
        }
        response.take(buffer.prefix(count))
        if response.isComplete { return false }
        guard MonotonicClock.now() < deadline else { throw SystemCallError(call: "recv", number: ETIMEDOUT) }
        return true
    }

    private static func connect(
        _ descriptor: Int32, to address: Address, until deadline: MonotonicInstant
    ) throws(SystemCallError) {
        while true {
            let result: Int32
            switch address {
            case .unix(let path):
                var value = sockaddr_un()
                value.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &value.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
                result = begin(descriptor, &value)
            case .loopback(let port):
                var value = sockaddr_in()
                value.sin_family = sa_family_t(AF_INET)
                value.sin_port = port.bigEndian
                value.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                result = begin(descriptor, &value)
            }
            if result == 0 || errno == EISCONN { return }
            // A unix socket whose queue is full says EAGAIN, and poll(2) knows nothing of it: looked at again.
            if errno == EAGAIN, MonotonicClock.now() < deadline {
                Pause.wait(.milliseconds(5))
                continue
            }
            guard errno == EINPROGRESS || errno == EALREADY || errno == EINTR else {
                throw SystemCallError(call: "connect", number: errno == EAGAIN ? ETIMEDOUT : errno)
            }
            errno = EAGAIN
            try pause(descriptor, POLLOUT, until: deadline, after: "connect")
            var (problem, size): (Int32, socklen_t) = (0, socklen_t(MemoryLayout<Int32>.size))
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
            guard problem == 0 else { throw SystemCallError(call: "connect", number: problem) }
        }
    }

    private static func begin<Value>(_ descriptor: Int32, _ value: inout Value) -> Int32 {
        let size = socklen_t(MemoryLayout<Value>.size)
        return withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
    }

    /// Waits until the call that has just failed may go on.
    private static func pause(
        _ descriptor: Int32, _ events: Int32, until deadline: MonotonicInstant, after call: String
    ) throws(SystemCallError) {
        let number = errno
        if number == EINTR { return }
        guard number == EAGAIN else { throw SystemCallError(call: call, number: number) }
        let left = MonotonicClock.now().duration(to: deadline)
        guard left > .zero else { throw SystemCallError(call: call, number: ETIMEDOUT) }
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: left.clampedNanoseconds / 1_000_000 + 1))
    }
}
