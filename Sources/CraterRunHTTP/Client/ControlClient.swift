import CraterRunCore
package import CraterRunLinux

/// Asks a supervisor, and waits for the answer: for commands that ask once and end. Plain calls on one socket, and not NIO: that
/// ends an event loop with the help of Dispatch's threads, and where none can be started (`ulimit -u`) a probe would hang for ever.
package struct ControlClient: Sendable {
    /// Where the supervisor is.
    package enum Target: Equatable, Sendable {
        case socket(String)
        /// On this machine.
        case port(UInt16)
    }

    package struct Answer: Sendable {
        package let status: Int
        package let body: String
        /// Which supervisor it is; nil where it does not say, so that it is none.
        package let instance: String?
        /// Who runs it, as the kernel has it; nil where that cannot be known.
        package let user: UInt32?
    }

    /// Why there is no answer.
    package struct Failure: Error, Sendable {
        package let reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    /// In bytes. No answer of ours is longer: it tells of rules and apps, and all annotations of a Pod have 256 KiB.
    private static let longestAnswer = 1 << 20

    private let target: Target
    private let users: ServingUsers

    /// - Parameter users: whose answers count.
    package init(_ target: Target, of users: ServingUsers) {
        self.target = target
        self.users = users
    }

    /// Asks.
    ///
    /// - Throws: ``Failure`` where nobody answers within `limit`, or nobody whose answer counts.
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
        // One of ours always says how long it is.
        guard let status = response.status, !response.isCutShort else {
            throw Failure(
                reason: response.received == 0
                    ? "the connection was closed before the answer" : "what answers there is no crater-run")
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
        case .tooLong: "the answer is longer than \(longestAnswer >> 20) MiB, and so no crater-run's"
        }
    }

    /// Why the answer of a user does not count who is neither ours nor root.
    package static func strangers(_ user: UInt32) -> String {
        "user \(user) serves there, whose answer does not count for user \(ThisProcess.user)"
    }
}
