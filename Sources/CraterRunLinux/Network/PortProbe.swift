internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The TCP ports of this network namespace: whether a port is taken, and by whom.
enum PortProbe {
    /// Whether an app could not bind all addresses at this port. Mostly another process listens there; else see
    /// ``connections(at:)``. A bind(2) tells: a listener in another pid namespace of the pod is in no list of processes.
    static func isTaken(_ port: UInt16) -> Bool {
        isTaken(.ipv4(.any, port: port)) || isTaken(.ipv6Any(port: port))
    }

    /// A port of the loopback address that is free now, for an app that listens there alone.
    static func freeLoopbackPort() throws(SystemCallError) -> UInt16 {
        let address = SocketAddress.loopback(port: 0)
        let descriptor = try address.open()
        defer { close(descriptor) }
        try address.bind(descriptor)
        guard let port = SocketAddress.port(of: descriptor) else {
            throw SystemCallError(call: "getsockname", number: EADDRNOTAVAIL)
        }
        return port
    }

    /// Why nobody can listen at a port that is taken.
    static func failure(at port: UInt16, reader: InstanceReader = InstanceReader()) -> LaunchFailure {
        connections(at: port).map { .temporary($0) } ?? .portBusy(port: port, holder: holder(of: port, reader: reader))
    }

    /// The process that listens at the port, for a person; nil if that cannot be known.
    static func holder(of port: UInt16, reader: InstanceReader = InstanceReader()) -> String? {
        let inodes = Set(listeners(at: port).map(\.inode))
        return inodes.isEmpty ? nil : ProcessTable.holder(of: inodes, reader: reader)
    }

    /// For a port that is taken although nobody listens there: the reason, for a person. Connections keep a port if
    /// their own end did not ask to share it (SO_REUSEADDR): those of a client that got the port from the ephemeral
    /// range, or of a server that has ended. Nil if somebody listens, or if nothing is known.
    static func connections(at port: UInt16) -> String? {
        let sockets = tables.flatMap { Listener.connections($0, at: port) }
        guard !sockets.isEmpty, listeners(at: port).isEmpty else { return nil }
        // A connection that has ended has no inode any more.
        let open = sockets.filter { $0 != 0 }
        let start = "nobody listens at port \(port), but it is in use by"
        guard !open.isEmpty else { return "\(start) connections that have ended (TIME-WAIT): it is free in a minute" }
        let holder = ProcessTable.holder(of: Set(open)) ?? "a process that cannot be seen from here"
        return "\(start) a connection of \(holder): it is free a minute after that ends"
    }

    /// Whether the listener at the port belongs to an app, whose processes are `members`.
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

    /// The listeners of these processes. Listeners of processes whose descriptors cannot be read are missing.
    static func listeners(of members: [ProcessRow]) -> [Listener] {
        let owned = members.filter { !$0.isZombie }
            .reduce(into: Set<UInt64>()) { $0.formUnion(ProcessTable.sockets(of: $1.identity.pid) ?? []) }
        return owned.isEmpty ? [] : listeners().filter { owned.contains($0.inode) }
    }

    /// All listeners, or the listeners at one port.
    static func listeners(at port: UInt16? = nil) -> [Listener] {
        tables.flatMap { Listener.parse($0, port: port) }
    }

    private static var tables: [[UInt8]] {
        ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { try? SmallFile.read($0, limit: 64 << 20) }
    }

    private static func isTaken(_ address: SocketAddress) -> Bool {
        guard let descriptor = try? address.open() else { return false }
        defer { close(descriptor) }
        // As servers do: lingering connections of a server that did so too are no reason to wait.
        SocketAddress.enable(SO_REUSEADDR, of: descriptor)
        do throws(SystemCallError) { try address.bind(descriptor) } catch { return error.number == EADDRINUSE }
        return false
    }
}
