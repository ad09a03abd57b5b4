import Foundation

/// An answer as it came.
struct RawAnswer: Equatable {
    let version: String
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: String
}

/// A client that sends what it likes, as it likes.
final class RawConnection {
    /// Far longer than anything takes, also on a machine that is busy; so that a test that fails ends.
    static let limit = Duration.seconds(40)

    let descriptor: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try connect(&address)
    }

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try connect(&address)
    }

    deinit { close(descriptor) }

    private func connect<Address>(_ address: inout Address) throws {
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else { throw Failure("cannot connect: \(String(cString: strerror(errno)))") }
    }

    static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }

    func send(_ text: String) throws {
        guard try trySend(text) else { throw Failure("it has hung up") }
    }

    /// - Returns: false where the other end has hung up.
    func trySend(_ text: String) throws -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard try wait(for: POLLOUT) else { throw Failure("nothing is taken") }
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
            if count == -1, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Says that nothing more will be sent.
    func shutDown() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next answer.
    func answer(isHead: Bool = false) throws -> RawAnswer {
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while true {
            headEnd = headEnd ?? received.firstRange(of: end)?.upperBound
            if let headEnd {
                let lines = String(decoding: received[..<(headEnd - 4)], as: UTF8.self).components(separatedBy: "\r\n")
                let headers = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1) }.filter { $0.count == 2 }
                let fields = Dictionary(
                    headers.map { ($0[0].lowercased(), $0[1].trimmingCharacters(in: .whitespaces)) },
                    uniquingKeysWith: { "\($0), \($1)" })
                let size = isHead ? 0 : Int(fields["content-length"] ?? "") ?? 0
                if received.count >= headEnd + size {
                    let status = lines[0].split(separator: " ")
                    defer { received.removeFirst(headEnd + size) }
                    return RawAnswer(
                        version: String(status.first ?? ""), status: status.count > 1 ? Int(status[1]) ?? 0 : 0,
                        headers: fields, body: String(decoding: received[headEnd..<(headEnd + size)], as: UTF8.self))
                }
            }
            guard try receive() else {
                throw Failure("it hung up without an answer: \(String(decoding: received, as: UTF8.self))")
            }
        }
    }

    /// Takes in what comes; false at the end.
    private func receive() throws -> Bool {
        guard try wait(for: POLLIN) else { throw Failure("nothing comes") }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        received += buffer.prefix(max(count, 0))
        return count > 0
    }

    /// What comes until the other end hangs up.
    func rest() throws -> String {
        while try receive() {}
        return String(decoding: received, as: UTF8.self)
    }

    /// Whether something, or the end, has come by now.
    var hasNews: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    /// Waits for this, or for the end.
    ///
    /// - Returns: false if it does not come in time.
    func wait(for events: Int32, within limit: Duration = limit) throws -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let count = poll(&entry, 1, Int32(limit / .milliseconds(1)))
            if count == -1, errno == EINTR { continue }
            return count == 1
        }
    }
}

/// Bounds a test, since tests wait for their turn, too.
enum TestTime {
    static let limit = 10
}
