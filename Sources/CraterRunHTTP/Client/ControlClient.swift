package import CraterRunCore
package import CraterRunLinux

/// Sends requests to one supervisor, and waits for each answer: for commands that end soon. It uses plain calls on one socket instead
/// of NIO: to end an event loop, NIO needs Dispatch's threads, and where none can be started (`ulimit -u`) a probe would hang for ever.
package struct ControlClient: Sendable {
    package struct Answer: Sendable {
        package let status: Int
        package let body: String
        /// The supervisor's instance; nil if the answer has none, and then no supervisor gave the answer.
        package let instance: String?
        /// The user who runs the supervisor, as the kernel has it; nil if that cannot be known.
        package let user: UInt32?
    }

    /// In bytes. No supervisor's answer is longer: it tells of rules and apps, and all annotations of a Pod have 256 KiB.
    private static let longestAnswer = 1 << 20

    private let server: LocalServer

    /// - Parameters:
    ///   - address: where the supervisor is: a unix socket, or a port of this machine.
    ///   - users: whose answers count.
    package init(at address: SocketAddress, of users: ServingUsers) {
        server = LocalServer(at: address, of: users)
    }

    /// The answer to a GET.
    ///
    /// - Throws: ``Refusal`` if nobody answers within `limit`, or nobody whose answer counts.
    package func get(_ path: String, within limit: Duration) throws(Refusal) -> Answer {
        try answer(to: HTTPRequest(get: path), within: limit)
    }

    /// The answer to a POST; see ``get(_:within:)``.
    package func post(_ path: String, json: [UInt8] = [], within limit: Duration) throws(Refusal) -> Answer {
        try answer(to: HTTPRequest(post: path, json: json), within: limit)
    }

    private func answer(to request: HTTPRequest, within limit: Duration) throws(Refusal) -> Answer {
        let answer: LocalServer.Answer
        do throws(LocalServer.Failure) {
            answer = try server.answer(
                to: request, until: MonotonicClock.now().advanced(by: limit), limit: ControlClient.longestAnswer)
        } catch {
            throw Refusal(ControlClient.reason(error, limit))
        }
        let response = answer.response
        // A supervisor always says how long its answer is.
        guard let status = response.status, !response.isCutShort else {
            throw Refusal(
                response.received == 0
                    ? "the connection was closed before the answer" : "what answers there is no crater-run")
        }
        return Answer(
            status: status, body: String(decoding: response.body, as: UTF8.self),
            instance: response.field(Responder.instanceHeader.lowercased()), user: answer.user)
    }

    private static func reason(_ failure: LocalServer.Failure, _ limit: Duration) -> String {
        switch failure {
        case .call(let error) where error.isTimeout: "no answer within \(DurationText.describe(limit))"
        case .call(let error): error.reason
        case .stranger(let user): strangers(user)
        case .tooLong: "the answer is longer than \(longestAnswer >> 20) MiB, and so no crater-run's"
        }
    }

    /// Why the answer of a user does not count who is neither our own user nor root.
    package static func strangers(_ user: UInt32) -> String {
        "user \(user) serves there, whose answer does not count for user \(ThisProcess.user)"
    }
}
