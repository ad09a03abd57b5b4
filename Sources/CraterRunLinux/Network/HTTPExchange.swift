internal import CraterRunCore
internal import Glibc

/// One HTTP request over a connection of its own, and the response. The exchange never waits unless the caller asks for
/// that: a reactor calls ``proceed()`` whenever the socket is ready, a command calls ``waitForResponse(until:)``.
final class HTTPExchange {
    enum Progress {
        /// The exchange goes on when the socket is ready for this.
        case waiting(EventPoll.Interest)
        /// The response is whole, the server has closed the connection, or more has come than the limit allows.
        case done
    }

    /// The socket. Whoever has added it to a poll must take it out before the exchange is released.
    let descriptor: Int32
    /// What has arrived so far.
    private(set) var response = HTTPResponse()
    private let limit: Int
    private var unsent: ArraySlice<UInt8>
    private var isConnected = false

    /// Begins to connect.
    ///
    /// - Parameter limit: how many bytes of the response are read, with those of interim responses; a few more may be.
    init(_ request: HTTPRequest, at address: SocketAddress, limit: Int) throws(SystemCallError) {
        self.limit = limit
        unsent = request.bytes[...]
        descriptor = try address.open()
        // Otherwise the port that this end gets, which may be a rule's, would be closed to servers for a minute.
        SocketAddress.enable(SO_REUSEADDR, of: descriptor)
        // From another address than the server's, a socket cannot connect to itself. Where there is no such address,
        // `confirmConnection` notices.
        if case .ipv4 = address { try? SocketAddress.ipv4(.secondLoopback, port: 0).bind(descriptor) }
        do throws(SystemCallError) { try address.connect(descriptor) } catch {
            guard error.number == EINPROGRESS else { throw error }
        }
    }

    deinit { close(descriptor) }

    /// Checks that the connection was made, once the socket is writable. Nothing has been sent before.
    func confirmConnection() throws(SystemCallError) {
        guard !isConnected else { return }
        var (number, size): (Int32, socklen_t) = (0, socklen_t(MemoryLayout<Int32>.size))
        try systemCall("getsockopt") { getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) }
        if number == 0, SocketAddress.isConnectedToItself(descriptor) { number = ECONNREFUSED }
        guard number == 0 else { throw SystemCallError(call: "connect", number: number) }
        isConnected = true
    }

    /// Sends and receives as much as is possible without waiting. The first call is made when the socket is writable.
    func proceed() throws(SystemCallError) -> Progress {
        try confirmConnection()
        while !unsent.isEmpty {
            let count = try transferred("send") {
                unsent.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
            guard let count else { return .waiting(.output) }
            unsent = unsent.dropFirst(count)
        }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        // To the end of the response: a client that closes earlier fills the app's log with broken pipes.
        while response.received <= limit, !response.isComplete {
            guard let count = try transferred("recv", { recv(descriptor, &buffer, buffer.count, 0) }) else {
                return .waiting(.input)
            }
            if count == 0 { break }
            response.take(buffer.prefix(count))
        }
        return .done
    }

    /// Waits until the exchange is done: for commands, which have no reactor.
    ///
    /// - Throws: ``SystemCallError``; ETIMEDOUT if the deadline comes first. ``response`` has what arrived until then.
    func waitForResponse(until deadline: MonotonicInstant) throws(SystemCallError) {
        var progress = Progress.waiting(.output)
        while case .waiting(let interest) = progress {
            try waitUntilReady(for: interest, until: deadline)
            progress = try proceed()
        }
    }

    /// Waits until the socket is ready; see ``waitForResponse(until:)``.
    func waitUntilReady(for interest: EventPoll.Interest, until deadline: MonotonicInstant) throws(SystemCallError) {
        var entry = pollfd(fd: descriptor, events: Int16(interest == .output ? POLLOUT : POLLIN), revents: 0)
        let count = try systemCall("poll") {
            // A signal interrupts the call, and does not lengthen the time.
            let left = MonotonicClock.now().duration(to: deadline)
            return left > .zero ? poll(&entry, 1, Int32(clamping: left.clampedNanoseconds / 1_000_000 + 1)) : 0
        }
        guard count > 0 else { throw SystemCallError(call: "poll", number: ETIMEDOUT) }
    }

    /// How many bytes a call has transferred; nil if the call would have to wait.
    private func transferred(_ name: String, _ call: () -> Int) throws(SystemCallError) -> Int? {
        do throws(SystemCallError) { return try systemCall(name, call) } catch {
            guard error.number == EAGAIN else { throw error }
            return nil
        }
    }
}
