internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Looks at TCP ports of this network namespace.
enum PortProbe {
    /// Whether an app that binds all addresses at this port would be refused because somebody listens there: tried by
    /// binding, since a listener in another pid namespace of the pod shows in no list of processes.
    static func isTaken(_ port: UInt16) -> Bool {
        bindingFails(AF_INET, port) || bindingFails(AF_INET6, port)
    }

    /// Who listens there, for a person, if that can be known.
    static func holder(of port: UInt16, reader: InstanceReader = InstanceReader()) -> String? {
        let inodes = Set(listeners(at: port).map(\.inode))
        return inodes.isEmpty ? nil : ProcessTable.holder(of: inodes, reader: reader)
    }

    /// Whose listener is at the port, seen from an app's processes.
    static func owner(of port: UInt16, members: [ProcessRow], reader: InstanceReader = InstanceReader())
        -> ListenerOwner
    {
        var owned: Set<UInt64> = []
        var isComplete = !members.isEmpty
        for member in members where !member.isZombie {
            if let sockets = ProcessTable.sockets(of: member.identity.pid) {
                owned.formUnion(sockets)
            } else {
                isComplete = false
            }
        }
        let found = listeners(at: port)
        return ListenerOwner.decide(found, owned: owned, isComplete: isComplete) {
            ProcessTable.holder(of: $0, reader: reader)
        }
    }

    /// All listeners, or those at one port.
    static func listeners(at port: UInt16? = nil) -> [Listener] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
            (try? SmallFile.read(path, limit: 64 << 20)).map { Listener.parse($0, port: port) } ?? []
        }
    }

    private static func bindingFails(_ family: Int32, _ port: UInt16) -> Bool {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor != -1 else { return false }
        defer { close(descriptor) }
        var yes: Int32 = 1
        // As servers do: connections of the last run that linger are no reason to wait.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if family == AF_INET6 {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        let result =
            family == AF_INET
            ? SocketAddress.withIPv4(.any, port: port) { bind(descriptor, $0, $1) }
            : SocketAddress.withIPv6Any(port: port) { bind(descriptor, $0, $1) }
        return result == -1 && errno == EADDRINUSE
    }
}

/// Socket addresses as the calls take them.
enum SocketAddress {
    /// An IPv4 address in network byte order.
    enum IPv4 {
        case any
        /// 127.0.0.1.
        case loopback
        /// 127.0.0.2: on every Linux as local as 127.0.0.1.
        case secondLoopback

        fileprivate var value: UInt32 {
            switch self {
            case .any: 0
            case .loopback: UInt32(0x7F00_0001).bigEndian
            case .secondLoopback: UInt32(0x7F00_0002).bigEndian
            }
        }
    }

    static func withIPv4<Result>(
        _ address: IPv4,
        port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var value = sockaddr_in()
        value.sin_family = sa_family_t(AF_INET)
        value.sin_port = port.bigEndian
        value.sin_addr.s_addr = address.value
        return withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    static func withIPv6Any<Result>(
        port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var value = sockaddr_in6()
        value.sin6_family = sa_family_t(AF_INET6)
        value.sin6_port = port.bigEndian
        return withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}
