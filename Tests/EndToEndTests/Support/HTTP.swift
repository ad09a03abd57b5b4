import CraterRunLinux
import Foundation
import Glibc

/// A request to this machine, without anything in between.
enum HTTP {
    struct Answer {
        let status: Int
        let body: String
        /// The lines before the body.
        let head: String
    }

    /// The answer to a GET, or nil if nobody gave one.
    ///
    /// - Parameter fields: further lines of the request's head.
    static func get(_ path: String, port: UInt16, fields: [String] = []) -> Answer? {
        send("GET", path, port: port, fields: fields)
    }

    /// The answer to a form that is posted, or nil if nobody gave one.
    static func post(_ path: String, _ form: String, port: UInt16, fields: [String] = []) -> Answer? {
        let own = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(form.utf8.count)"]
        return send("POST", path, port: port, fields: own + fields, body: form)
    }

    private static func send(
        _ method: String, _ path: String, port: UInt16, fields: [String], body: String = ""
    ) -> Answer? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor != -1 else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        // From another address than the one we connect to: nobody can be connected to itself.
        guard Port.withAddress(0x7F00_0002, 0, { bind(descriptor, $0, $1) }) == 0,
            Port.withAddress(0x7F00_0001, port, { connect(descriptor, $0, $1) }) == 0
        else { return nil }
        let more = fields.map { "\($0)\r\n" }.joined()
        let request = Array(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(more)Connection: close\r\n\r\n\(body)".utf8)
        guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var response: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            response += buffer.prefix(count)
        }
        let text = String(decoding: response, as: UTF8.self)
        guard let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        let end = text.range(of: "\r\n\r\n")
        return Answer(
            status: status, body: end.map { String(text[$0.upperBound...]) } ?? "",
            head: end.map { String(text[..<$0.lowerBound]) } ?? text)
    }
}

/// TCP ports of this machine.
enum Port {
    private static let next = Counter(startingAt: Int(getpid()))

    /// A port that nobody has. Below the range that the kernel takes clients' ports from, and each time another one: it
    /// stays free until the test takes it.
    static func free() -> UInt16 {
        for _ in 0..<10_000 {
            let port = UInt16(20_000 + next.next() % 12_000)
            if isFree(port) { return port }
        }
        return 0
    }

    static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return withAddress(0, port) { bind(descriptor, $0, $1) } == 0
    }

    /// - Parameter address: an IPv4 address as a number.
    static func withAddress<Result>(
        _ address: UInt32,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var value = sockaddr_in()
        value.sin_family = sa_family_t(AF_INET)
        value.sin_port = port.bigEndian
        value.sin_addr.s_addr = address.bigEndian
        return withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
