import CraterRunCore
import CraterRunLinux
import FoundationEssentials

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
    }

    /// Why there is no answer.
    package struct Failure: Error, Sendable {
        package let reason: String

        package init(reason: String) {
            self.reason = reason
        }
    }

    /// No answer of ours is longer; another's is not read to its end.
    private static let longestAnswer = 16 << 20

    private let target: Target

    package init(_ target: Target) {
        self.target = target
    }

    /// Asks.
    ///
    /// - Throws: ``Failure`` where nobody answers within `limit`.
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
        let bytes: [UInt8]
        do throws(SystemCallError) {
            bytes = try ClientSocket.exchange(
                Array("\(head)\r\n".utf8) + body, with: address, until: MonotonicClock.now().advanced(by: limit),
                limit: ControlClient.longestAnswer)
        } catch {
            throw Failure(
                reason: error.isTimeout
                    ? "no answer within \(DurationText.describe(limit))" : error.reason)
        }
        guard let answer = ControlClient.parse(bytes) else {
            throw Failure(
                reason: bytes.isEmpty
                    ? "the connection was closed before the answer" : "what answers there is no crater-run")
        }
        return answer
    }

    /// Reads an answer that ends where its Content-Length says: ours always have one.
    static func parse(_ bytes: [UInt8]) -> Answer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...]
            fields[line[..<colon].lowercased()] = String(value.drop { $0 == " " })
        }
        let body = bytes[end.upperBound...]
        if let length = fields["content-length"].flatMap({ Int($0) }), body.count < length { return nil }
        return Answer(
            status: status, body: String(decoding: body, as: UTF8.self),
            instance: fields[Responder.instanceHeader.lowercased()])
    }
}
