import CraterRunCore
package import CraterRunLinux

/// Sends one request to a supervisor and waits for the answer, for commands that ask once and end. It makes plain
/// system calls on one socket and does not use NIO: NIO needs threads of Dispatch's to end an event loop, and where no
/// thread can be started (`ulimit -u`) a probe would hang for ever.
package struct ControlClient: Sendable {
    /// Where the supervisor answers.
    package enum Target: Equatable, Sendable {
        case socket(String)
        /// A TCP port on this machine.
        case port(UInt16)
    }

    package struct Answer: Sendable {
        package let status: Int
        package let body: String
        /// Which supervisor answered; nil if the answer does not say, so that no supervisor gave it.
        package let instance: String?
        /// The user whose process answered, as the kernel knows it; nil if that cannot be known.
        package let user: UInt32?
    }

    /// Why there is no answer.
    package struct Failure: Error, Sendable {
        package let reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    /// The most bytes that an answer may have. No supervisor's answer is longer: it is about rules and apps, and all
    /// annotations of a Pod have at most 256 KiB.
    private static let longestAnswer = 1 << 20

    private let target: Target
    private let users: ServingUsers

    /// - Parameter users: the users whose answers count.
    package init(_ target: Target, of users: ServingUsers) {
        self.target = target
        self.users = users
    }

    /// Sends a request, and returns the answer.
    ///
    /// - Throws: ``Failure`` if there is no answer within `limit`, or only one that does not count.
    package func ask(
        _ path: String, method: String = "GET", body: [UInt8] = [], within limit: Duration
    ) throws(Failure) -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nUser-Agent: crater-run\r\nConnection: close\r\n"
        if !body.isEmpty || method == "POST" {
            head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        }
        let address: ClientSocket.Address =
            switch target {
            case .socket(let path): .unix(path: path)
            case .port(let port): .loopback(port: port)
            }
        let answer: ClientSocket.Answer
        do throws(ClientSocket.Failure) {
            answer = try ClientSocket.exchange(
                Array("\(head)\r\n".utf8) + body, with: address, of: users,
                until: MonotonicClock.now().advanced(by: limit), limit: ControlClient.longestAnswer)
        } catch {
            throw Failure(reason: ControlClient.reason(error, limit))
        }
        let response = answer.response
        // A supervisor's answer always states its length.
        guard let status = response.status, !response.isCutShort else {
            throw Failure(
                reason: response.received == 0
                    ? "the connection was closed before the answer" : "the process that answers is not crater-run")
        }
        return Answer(
            status: status, body: String(decoding: response.body, as: UTF8.self),
            instance: response.field(Responder.instanceHeader.lowercased()), user: answer.user)
    }

    private static func reason(_ failure: ClientSocket.Failure, _ limit: Duration) -> String {
        switch failure {
        case .call(let error) where error.isTimeout: "no answer within \(DurationText.describe(limit))"
        case .call(let error): error.reason
        case .stranger(let user): strangers(user)
        case .tooLong: "the answer is longer than \(longestAnswer >> 20) MiB, so it is not from crater-run"
        }
    }

    /// The message about an answer that does not count, since its user is neither our own nor root.
    package static func strangers(_ user: UInt32) -> String {
        "user \(user) serves there, whose answer does not count for user \(ThisProcess.user)"
    }
}
