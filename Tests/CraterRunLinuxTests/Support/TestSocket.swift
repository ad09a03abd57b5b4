import CLinux
import CraterRunCore
import Glibc
import Synchronization

@testable import CraterRunLinux

/// A listening TCP socket of the test's own.
final class TestListener: Sendable {
    enum Address: Sendable {
        case ipv4(String)
        case ipv6(String, only: Bool)
    }

    let descriptor: Int32
    let port: UInt16
    private let isClosed = Atomic(false)

    /// - Parameter port: by default one outside the range that connections get theirs from, so that nobody takes it when
    ///   it is free for a moment.
    init(_ address: Address = .ipv4("0.0.0.0"), port: UInt16? = nil, backlog: Int32 = 16) throws {
        var last = SystemCallError(call: "bind", number: EADDRINUSE)
        for _ in 0..<100 {
            let port = port ?? UInt16.random(in: 20_000..<30_000)
            do {
                descriptor = try TestListener.listen(address, port, backlog)
                self.port = port
                return
            } catch let error as SystemCallError {
                last = error
            }
        }
        throw last
    }

    deinit { close() }

    func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { Glibc.close(descriptor) }
    }

    /// The socket's inode.
    var inode: UInt64? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    func accept() -> Int32? {
        guard Wait.untilReadable(descriptor) else { return nil }
        let connection = Glibc.accept(descriptor, nil, nil)
        return connection == -1 ? nil : connection
    }

    private static func listen(_ address: Address, _ port: UInt16, _ backlog: Int32) throws -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        let descriptor: Int32
        let result: Int32
        switch address {
        case .ipv4(let text):
            descriptor = try systemCall("socket") { socket(AF_INET, type, 0) }
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = port.bigEndian
            inet_pton(AF_INET, text, &value.sin_addr)
            result = withUnsafePointer(to: &value) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .ipv6(let text, let only):
            descriptor = try systemCall("socket") { socket(AF_INET6, type, 0) }
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
            var isOnly: Int32 = only ? 1 : 0
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &isOnly, size)
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            inet_pton(AF_INET6, text, &value.sin6_addr)
            result = withUnsafePointer(to: &value) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        let number = errno
        guard result == 0, Glibc.listen(descriptor, backlog) == 0 else {
            Glibc.close(descriptor)
            throw SystemCallError(call: "bind", number: result == 0 ? EADDRINUSE : number)
        }
        return descriptor
    }
}

/// A server that gives each connection to a body, on a thread of its own.
final class TestServer: Sendable {
    let listener: TestListener
    var port: UInt16 { listener.port }
    private let isDone = Atomic(false)

    /// - Parameter answer: gets the connection and the request's head.
    init(
        at address: TestListener.Address = .ipv4("127.0.0.1"), _ answer: @escaping @Sendable (Int32, String) -> Void
    ) throws {
        listener = try TestListener(address)
        // Not before it is done may the listener be closed: another one would get its descriptor.
        onThread { [self] in
            defer { isDone.store(true, ordering: .releasing) }
            guard let connection = listener.accept() else { return }
            defer { close(connection) }
            var head: [UInt8] = []
            while !text(head).contains("\r\n\r\n"), Wait.untilReadable(connection) {
                let more = receive(connection)
                if more.isEmpty { break }
                head += more
            }
            answer(connection, text(head))
        }
    }

    func waitUntilDone() -> Bool { Wait.until { isDone.load(ordering: .acquiring) } }
}

private func receive(_ descriptor: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(0, count)))
}

/// Sends everything; whether it went out.
@discardableResult
func sendAll(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}
