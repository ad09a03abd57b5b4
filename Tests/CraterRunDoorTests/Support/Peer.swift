import CraterRunCore
import CraterRunLinux
import Glibc

/// What went wrong in a test's own machinery, or what did not come about.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Bounds a test that would otherwise wait for ever.
enum TestTime {
    static let limit = 5
    /// Far longer than anything takes, also on a busy machine.
    static let milliseconds: Int32 = 60_000
}

/// One end of a connection, which sends and reads bytes as the test says: the client's end, or the app's.
final class Peer: Sendable {
    /// How a connection ended.
    enum End: Equatable {
        case closed
        case reset
    }

    let descriptor: Int32
    private let state = Locked(State())

    private struct State {
        var received: [UInt8] = []
        var isClosed = false
    }

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Parameter receiveBuffer: the size of the receive buffer in bytes, which decides how much the other end can send
    ///   before this one reads; nil for the kernel's own choice, which depends on how busy the machine is.
    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = try systemCall("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        if var size = receiveBuffer {
            try systemCall("setsockopt") {
                setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            }
        }
        try Loopback.with(port: port) { address, size in
            try systemCall("connect") { connect(descriptor, address, size) }
        }
        // Otherwise a second small piece waits for the acknowledgement of the first one, up to 40 ms (tcp(7)).
        var one: Int32 = 1
        try systemCall("setsockopt") {
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    deinit { close() }

    func close() {
        let wasClosed = state.with { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if !wasClosed { Glibc.close(descriptor) }
    }

    /// Closes the connection with a reset.
    func reset() {
        var none = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Sends the end of the stream.
    func shutDown() { shutdown(descriptor, Int32(SHUT_WR)) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(for: POLLOUT)
            let count = sendNow(rest)
            guard count >= 0 else { throw Failure("the other end has gone") }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends what the socket takes without waiting.
    ///
    /// - Returns: how many bytes that was; -1 if the other end has gone.
    func sendNow(_ bytes: ArraySlice<UInt8>) -> Int {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
        return count == -1 && errno == EAGAIN ? 0 : count
    }

    /// The bytes up to and with this text.
    func read(through end: String) throws -> String {
        let end = Array(end.utf8)
        while true {
            let found: [UInt8]? = state.with { state in
                guard let last = firstEnd(of: end, in: state.received) else { return nil }
                defer { state.received.removeFirst(last) }
                return Array(state.received.prefix(last))
            }
            if let found { return String(decoding: found, as: UTF8.self) }
            if let how = try receive() { throw Failure("the connection is \(how) after: \(pending)") }
        }
    }

    /// A head, with its empty line.
    func head() throws -> String { try read(through: "\r\n\r\n") }

    func read(_ count: Int) throws -> [UInt8] {
        while state.with({ $0.received.count < count }) {
            if let how = try receive() { throw Failure("the connection is \(how) after: \(pending)") }
        }
        return state.with { state in
            defer { state.received.removeFirst(count) }
            return Array(state.received.prefix(count))
        }
    }

    func text(_ count: Int) throws -> String { String(decoding: try read(count), as: UTF8.self) }

    /// Everything up to the end.
    func rest() throws -> (text: String, end: End) {
        while true {
            guard let end = try receive() else { continue }
            return (pending, end)
        }
    }

    /// Reads so many bytes.
    ///
    /// - Returns: whether they are the block's, repeated.
    func reads(_ count: Int, of block: [UInt8]) throws -> Bool {
        var (position, isSame) = (0, true)
        while position < count {
            let bytes = state.with { state in
                defer { state.received = [] }
                return state.received
            }
            // As memory, since tests are not optimized, and there are many bytes.
            bytes.withUnsafeBytes { bytes in
                block.withUnsafeBytes { block in
                    var rest = bytes[...]
                    while let first = rest.indices.first, let own = bytes.baseAddress, let wanted = block.baseAddress {
                        let offset = position % block.count
                        let length = min(rest.count, block.count - offset)
                        isSame = isSame && memcmp(own + first, wanted + offset, length) == 0
                        position += length
                        rest = rest.dropFirst(length)
                    }
                }
            }
            if position < count, let how = try receive() { throw Failure("the connection is \(how) at \(position)") }
        }
        return isSame
    }

    /// Whether the socket takes more, at the latest after so many milliseconds.
    func hasRoom(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) == 1
    }

    /// Whether something has come, or the end.
    var hasNews: Bool { hasNews(within: 0) }

    /// The same, at the latest after so many milliseconds.
    func hasNews(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) == 1
    }

    private var pending: String { state.with { String(decoding: $0.received, as: UTF8.self) } }

    /// - Returns: nil if bytes have come; otherwise how the connection has ended.
    private func receive() throws -> End? {
        try wait(for: POLLIN)
        var buffer = [UInt8](repeating: 0, count: 262_144)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return count == 0 ? .closed : .reset }
        state.with { $0.received += buffer.prefix(count) }
        return nil
    }

    private func wait(for events: Int32) throws {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        guard poll(&entry, 1, TestTime.milliseconds) == 1 else { throw Failure("nothing comes after: \(pending)") }
    }
}

/// The offset after the first place of `pattern` in `bytes`.
private func firstEnd(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    for start in 0...(bytes.count - pattern.count) where bytes[start] == pattern[0] {
        if bytes[start..<(start + pattern.count)].elementsEqual(pattern) { return start + pattern.count }
    }
    return nil
}
