internal import CraterRunCore
internal import Glibc

/// The GET that shows whether an app is ready. The request goes to the app's port at 127.0.0.1, or at another address
/// if the app listens only there, or to the app's UNIX socket. It uses no proxy and no name lookup, and follows no redirect.
struct ReadinessRequest {
    /// The time that an app has to answer.
    static let timeout = AppTiming.checkTimeout
    /// In bytes. The status is at the beginning of the answer, and an app may answer without end.
    private static let limit = 64 << 10

    let listener: DoorBackend
    let path: String
    var address = HostAddress.loopback

    init(_ listener: DoorBackend, path: String, address: HostAddress = .loopback) {
        (self.listener, self.path, self.address) = (listener, path, address)
    }

    /// The outcome if no process listens at the port of this address.
    static let refused = CheckOutcome.nobodyListens

    func begin() throws(SystemCallError) -> HTTPExchange {
        try HTTPExchange(
            HTTPRequest(get: path, port: port), at: socketAddress, limit: ReadinessRequest.limit)
    }

    private var socketAddress: SocketAddress {
        switch listener {
        case .port(let port): address == .loopback ? .loopback(port: port) : .host(address, port: port)
        case .socket(let path): .unix(path: path)
        }
    }

    private var port: UInt16? { if case .port(let port) = listener { port } else { nil } }

    /// The same request to another address at which a process listens at the port; nil if there is no other such
    /// address.
    var redirected: ReadinessRequest? {
        guard let port, let target = Listener.target(of: PortProbe.listeners(at: port)), target != address else {
            return nil
        }
        return ReadinessRequest(listener, path: path, address: target)
    }

    /// Sends the request and waits for the answer: for commands, which have no reactor.
    ///
    /// - Parameter start: the instant at which ``timeout`` begins.
    func result(
        from start: MonotonicInstant = MonotonicClock.now()
    ) -> (outcome: CheckOutcome, location: String?) {
        var (response, failure) = (HTTPResponse(), SystemCallError?.none)
        do throws(SystemCallError) {
            let exchange = try begin()
            defer { response = exchange.response }
            try exchange.waitForResponse(until: start.advanced(by: ReadinessRequest.timeout))
        } catch { failure = error }
        return (
            ReadinessRequest.outcome(of: response, failure: failure), Redirect.location(in: response.bytes)
        )
    }

    /// What a response says of the app.
    ///
    /// - Parameters:
    ///   - response: as far as it has arrived. A status counts even if the rest did not arrive.
    ///   - failure: why no more arrived; ETIMEDOUT if the time was up.
    static func outcome(of response: HTTPResponse, failure: SystemCallError?) -> CheckOutcome {
        if let status = response.status { return .answered(status: status) }
        let exception = response.interim.map { " but an interim one (\($0))" } ?? ""
        switch failure {
        case let failure? where failure.isTimeout:
            return .silent(reason: "no answer\(exception) within \(DurationText.describe(timeout))")
        // A socket's file may not be there yet, or be there although its process has ended.
        case let failure? where failure.number == ECONNREFUSED || failure.number == ENOENT: return refused
        case let failure? where failure.call != "recv": return .silent(reason: "cannot ask it: \(failure)")
        case _ where exception.isEmpty: return .silent(reason: "port answered with something else than HTTP")
        default: return .silent(reason: "it gave no answer\(exception), and hung up")
        }
    }
}
