internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Looks at TCP ports of this network namespace.
enum PortProbe {
    /// Whether an app that binds all addresses at this port would be refused because somebody listens there: tried by
    /// binding, since a listener in another pid namespace of the pod shows in no list of processes.
    static func isTaken(_ port: UInt16) -> Bool {
        isTaken(.ipv4(.any, port: port)) || isTaken(.ipv6Any(port: port))
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

    /// The listeners that these processes hold, as far as that can be seen.
    static func listeners(of members: [ProcessRow]) -> [Listener] {
        let owned = members.filter { !$0.isZombie }
            .reduce(into: Set<UInt64>()) { $0.formUnion(ProcessTable.sockets(of: $1.identity.pid) ?? []) }
        return owned.isEmpty ? [] : listeners().filter { owned.contains($0.inode) }
    }

    /// All listeners, or those at one port.
    static func listeners(at port: UInt16? = nil) -> [Listener] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
            (try? SmallFile.read(path, limit: 64 << 20)).map { Listener.parse($0, port: port) } ?? []
        }
    }

    private static func isTaken(_ address: SocketAddress) -> Bool {
        guard let descriptor = try? address.open() else { return false }
        defer { close(descriptor) }
        // As servers do: connections of the last run that linger are no reason to wait.
        SocketAddress.enable(SO_REUSEADDR, of: descriptor)
        do throws(SystemCallError) { try address.bind(descriptor) } catch { return error.number == EADDRINUSE }
        return false
    }
}
