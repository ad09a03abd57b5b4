package import CraterRunCore
internal import Glibc

/// A connection to a server of this machine, for one request: no thread, and no wait beyond its deadline.
package enum ClientSocket {
    /// Where to connect.
    package enum Address: Sendable {
        case unix(path: String)
        /// On 127.0.0.1.
        case loopback(port: UInt16)
    }

    /// Sends a request, and reads the answer until the server closes, or `limit` bytes of it are there.
    ///
    /// - Throws: ``SystemCallError``; ETIMEDOUT where the deadline passes first.
    package static func exchange(
        _ request: [UInt8], with address: Address, until deadline: Instant, limit: Int
    ) throws(SystemCallError) -> [UInt8] {
        let family: Int32
        switch address {
        case .unix(let path):
            family = AF_UNIX
            // sockaddr_un's path, with its end.
            guard path.utf8.count <= 107 else {
                throw SystemCallError(call: "connect", subject: path, number: ENAMETOOLONG)
            }
        case .loopback: family = AF_INET
        }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = try systemCall("socket") { socket(family, type, 0) }
        defer { close(descriptor) }
        try connect(descriptor, to: address, until: deadline)
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { bytes in
                send(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { sent += count } else { try pause(descriptor, POLLOUT, until: deadline, after: "send") }
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while answer.count < limit {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { break }
            if count > 0 {
                answer += buffer.prefix(count)
            } else {
                try pause(descriptor, POLLIN, until: deadline, after: "recv")
            }
        }
        return answer
    }

    private static func connect(
        _ descriptor: Int32, to address: Address, until deadline: Instant
    ) throws(SystemCallError) {
        while true {
            let result: Int32
            switch address {
            case .unix(let path):
                var value = sockaddr_un()
                value.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &value.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
                result = begin(descriptor, &value)
            case .loopback(let port):
                var value = sockaddr_in()
                value.sin_family = sa_family_t(AF_INET)
                value.sin_port = port.bigEndian
                value.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                result = begin(descriptor, &value)
            }
            if result == 0 || errno == EISCONN { return }
            // A unix socket whose queue is full says EAGAIN, and poll(2) knows nothing of it: looked at again.
            if errno == EAGAIN, MonotonicClock.now() < deadline {
                Pause.wait(.milliseconds(5))
                continue
            }
            guard errno == EINPROGRESS || errno == EALREADY || errno == EINTR else {
                throw SystemCallError(call: "connect", number: errno == EAGAIN ? ETIMEDOUT : errno)
            }
            errno = EAGAIN
            try pause(descriptor, POLLOUT, until: deadline, after: "connect")
            var (problem, size): (Int32, socklen_t) = (0, socklen_t(MemoryLayout<Int32>.size))
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
            guard problem == 0 else { throw SystemCallError(call: "connect", number: problem) }
        }
    }

    private static func begin<Value>(_ descriptor: Int32, _ value: inout Value) -> Int32 {
        let size = socklen_t(MemoryLayout<Value>.size)
        return withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
    }

    /// Waits until the call that has just failed may go on.
    private static func pause(
        _ descriptor: Int32, _ events: Int32, until deadline: Instant, after call: String
    ) throws(SystemCallError) {
        let number = errno
        if number == EINTR { return }
        guard number == EAGAIN else { throw SystemCallError(call: call, number: number) }
        let left = MonotonicClock.now().duration(to: deadline)
        guard left > .zero else { throw SystemCallError(call: call, number: ETIMEDOUT) }
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = poll(&entry, 1, Int32(clamping: left.clampedNanoseconds / 1_000_000 + 1))
    }
}
