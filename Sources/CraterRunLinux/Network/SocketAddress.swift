internal import Glibc
package import CraterRunCore

/// The address of a socket of this machine. Nothing else builds the addresses that the kernel takes.
package enum SocketAddress: Equatable, Sendable {
    /// The IPv4 addresses that crater-run uses.
    package enum IPv4: UInt32, Sendable {
        /// 0.0.0.0.
        case any = 0
        /// 127.0.0.1.
        case loopback = 0x7F00_0001
        /// 127.0.0.2, which is as local as 127.0.0.1 on every usual Linux.
        case secondLoopback = 0x7F00_0002
    }

    case ipv4(IPv4, port: UInt16)
    /// An address at which a process listens.
    case host(HostAddress, port: UInt16)
    /// All IPv6 addresses, and no IPv4 address.
    case ipv6Any(port: UInt16)
    /// All addresses, IPv6 and IPv4.
    case all(port: UInt16)
    case unix(path: String)

    /// A port of 127.0.0.1.
    package static func loopback(port: UInt16) -> SocketAddress { .ipv4(.loopback, port: port) }

    /// A new socket of a family. No call on the socket waits, and a program that is executed does not get the socket.
    static func open(_ family: Int32, _ type: __socket_type = SOCK_STREAM) throws(SystemCallError) -> Int32 {
        let type = Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return try systemCall("socket") { socket(family, type, 0) }
    }

    /// A new socket for this kind of address; see ``open(_:_:)``.
    func open(_ type: __socket_type = SOCK_STREAM) throws(SystemCallError) -> Int32 {
        switch self {
        case .ipv4: return try SocketAddress.open(AF_INET, type)
        case .host(let host, _): return try SocketAddress.open(host.isVersion6 ? AF_INET6 : AF_INET, type)
        case .unix: return try SocketAddress.open(AF_UNIX, type)
        case .ipv6Any:
            let descriptor = try SocketAddress.open(AF_INET6, type)
            SocketAddress.enable(IPV6_V6ONLY, at: Int32(IPPROTO_IPV6), of: descriptor)
            return descriptor
        case .all:
            let descriptor = try SocketAddress.open(AF_INET6, type)
            // Whatever the host's default is (ipv6(7)).
            SocketAddress.set(IPV6_V6ONLY, to: 0, at: Int32(IPPROTO_IPV6), of: descriptor)
            return descriptor
        }
    }

    /// Binds a socket to this address.
    ///
    /// - Parameter subject: what an error names in place of the address.
    func bind(_ descriptor: Int32, on subject: String = "") throws(SystemCallError) {
        try call("bind", on: subject) { Glibc.bind(descriptor, $0, $1) }
    }

    /// Connects a socket to this address.
    ///
    /// - Throws: ``SystemCallError``; EINPROGRESS if the connection is made when the socket becomes writable, EAGAIN if
    ///   the queue of a unix socket is full.
    func connect(_ descriptor: Int32) throws(SystemCallError) {
        try call("connect", on: "") { Glibc.connect(descriptor, $0, $1) }
    }

    /// Listens at a socket that is bound, or changes how many connections may wait there to be accepted.
    package static func listen(at descriptor: Int32, backlog: Int32) throws(SystemCallError) {
        try systemCall("listen") { Glibc.listen(descriptor, backlog) }
    }

    /// Turns a socket's option on; a kernel without the option does without.
    static func enable(_ option: Int32, at level: Int32 = SOL_SOCKET, of descriptor: Int32) {
        set(option, to: 1, at: level, of: descriptor)
    }

    private static func set(_ option: Int32, to value: Int32, at level: Int32, of descriptor: Int32) {
        var value = value
        _ = try? systemCall("setsockopt") {
            setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// Connects to this address without waiting, and closes the connection again.
    ///
    /// - Parameter body: gets the connection.
    func withConnection<Result>(
        _ type: __socket_type = SOCK_STREAM, _ body: (Int32) -> Result
    ) throws(SystemCallError) -> Result {
        let descriptor = try open(type)
        defer { close(descriptor) }
        try connect(descriptor)
        return body(descriptor)
    }

    /// Whether a process listens at this unix socket. Never waits: a process whose queue is full listens, too.
    var isServed: Bool {
        do throws(SystemCallError) { return try withConnection { _ in true } } catch { return error.number == EAGAIN }
    }

    /// Whether both ends of a connection are the same socket. TCP allows that: a socket that gets the very port that it
    /// connects to from the ephemeral range is connected to itself, although no process listens at the port.
    static func isConnectedToItself(_ descriptor: Int32) -> Bool {
        let own = bytes("getsockname") { getsockname(descriptor, $0, $1) }
        return own != nil && own == bytes("getpeername") { getpeername(descriptor, $0, $1) }
    }

    /// The port that an IPv4 or IPv6 socket is bound to; nil if there is none.
    static func port(of descriptor: Int32) -> UInt16? {
        guard let bytes = SocketAddress.bytes("getsockname", { getsockname(descriptor, $0, $1) }), bytes.count > 3
        else { return nil }
        // Both kinds of addresses have the port in their bytes 2 and 3, in network byte order.
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        return port == 0 ? nil : port
    }

    private func call(
        _ name: String, on subject: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(SystemCallError) {
        switch self {
        case .ipv4(let host, let port):
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = port.bigEndian
            value.sin_addr.s_addr = host.rawValue.bigEndian
            try systemCall(name, on: subject) { SocketAddress.with(value, body) }
        case .host(let host, let port) where host.isVersion6:
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: host.bytes) }
            try systemCall(name, on: subject) { SocketAddress.with(value, body) }
        case .host(let host, let port):
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &value.sin_addr) { $0.copyBytes(from: host.bytes.prefix(4)) }
            try systemCall(name, on: subject) { SocketAddress.with(value, body) }
        case .ipv6Any(let port), .all(let port):
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            try systemCall(name, on: subject) { SocketAddress.with(value, body) }
        case .unix(let path):
            var value = sockaddr_un()
            value.sun_family = sa_family_t(AF_UNIX)
            let subject = subject.isEmpty ? path : subject
            // The path ends with a NUL.
            guard path.utf8.count < MemoryLayout.size(ofValue: value.sun_path) else {
                throw SystemCallError(call: name, subject: subject, number: ENAMETOOLONG)
            }
            withUnsafeMutableBytes(of: &value.sun_path) { $0.copyBytes(from: path.utf8) }
            try systemCall(name, on: subject) { SocketAddress.with(value, body) }
        }
    }

    private static func with<Value>(_ value: Value, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafeBytes(of: value) { bytes in
            guard let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return -1 }
            return body(address, socklen_t(bytes.count))
        }
    }

    /// The address that a call writes; nil if the call fails.
    private static func bytes(
        _ name: String, _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> [UInt8]? {
        var value = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &value) { bytes in
            guard let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
                (try? systemCall(name) { call(address, &size) }) != nil
            else { return nil }
            return Array(bytes.prefix(Int(size)))
        }
    }
}
