internal import Glibc

/// Questions about unix sockets.
package enum UnixSocket {
    /// How many connections may wait to be accepted, of a socket that is listened at.
    package static func setBacklog(of descriptor: Int32, to count: Int32) throws(SystemCallError) {
        try systemCall("listen") { listen(descriptor, count) }
    }

    /// Whether somebody listens at this path. Never waits: one whose queue is full is busy, and there.
    static func isServed(_ path: String) -> Bool {
        let number = connect(to: path, SOCK_STREAM)
        return number == 0 || number == EAGAIN
    }

    /// Tries to connect, and hangs up at once.
    ///
    /// - Parameter look: is shown the connection, if one was made.
    /// - Returns: errno(3), 0 where the connection was made.
    fileprivate static func connect(
        to path: String, _ type: __socket_type, _ look: (Int32) -> Void = { _ in }
    ) -> Int32 {
        guard let address = address(of: path) else { return ENAMETOOLONG }
        let flags = Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, flags, 0)
        guard descriptor != -1 else { return errno }
        defer { close(descriptor) }
        guard with(address, { Glibc.connect(descriptor, $0, $1) }) == 0 else { return errno }
        look(descriptor)
        return 0
    }

    /// Nil where the path is too long.
    fileprivate static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    fileprivate static func with<Result>(
        _ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension HeldDirectory {
    /// Whether somebody listens at the socket of this name.
    func isServed(_ name: String) -> Bool { UnixSocket.isServed(descriptorPath(of: name)) }

    /// Whether who listens at the socket of this name is in another pid namespace than we, and not below ours.
    func isOutOfSight(_ name: String) -> Bool {
        var peer = PeerCredentials()
        let number = UnixSocket.connect(to: descriptorPath(of: name), SOCK_STREAM) { descriptor in
            var size = socklen_t(MemoryLayout<PeerCredentials>.size)
            getsockopt(descriptor, SOL_SOCKET, PeerCredentials.optionNumber, &peer, &size)
        }
        return number == 0 && peer.pid == 0
    }

    /// errno(3) of an attempt to reach the datagram socket of this name; 0 where a process has it open.
    func reach(_ name: String) -> Int32 { UnixSocket.connect(to: descriptorPath(of: name), SOCK_DGRAM) }

    /// Binds a unix socket to a name in this directory, where nothing may be yet.
    func bind(_ descriptor: Int32, to name: String) throws(SystemCallError) {
        guard let address = UnixSocket.address(of: descriptorPath(of: name)) else {
            throw SystemCallError(call: "bind", subject: path(of: name), number: ENAMETOOLONG)
        }
        try systemCall("bind", on: path(of: name)) {
            UnixSocket.with(address) { Glibc.bind(descriptor, $0, $1) }
        }
    }
}
