internal import CraterRunCore
internal import Glibc

/// The GET that shows whether an app is ready. It goes to the app's port on 127.0.0.1: through no proxy, without a name lookup, and
/// no redirect is followed.
struct ReadinessRequest {
    /// The time that an app has to answer.
    static let timeout = AppTiming.checkTimeout
    /// In bytes. The status is at the beginning of the answer, and an app may answer without end.
    private static let limit = 64 << 10

    let port: UInt16
    let path: String

    func begin() throws(SystemCallError) -> HTTPExchange {
        try HTTPExchange(
            HTTPRequest(get: path, port: port), at: .loopback(port: port), limit: ReadinessRequest.limit)
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
        case let failure? where failure.number == ECONNREFUSED: return .silent(reason: "nobody listens at its port")
        case let failure? where failure.call != "recv": return .silent(reason: "cannot ask it: \(failure)")
        default:
            return .silent(
                reason: exception.isEmpty
                    ? "port answered with something else than HTTP" : "it gave no answer\(exception), and hung up")
        }
    }
}
