internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The TCP ports of this network namespace: whether a port is taken, and by whom.
enum PortProbe {
    /// Whether an app could not bind all addresses at this port because another process listens there. A bind(2) tells:
    /// a listener in another pid namespace of the pod is in no list of processes.
    static func isTaken(_ port: UInt16) -> Bool {
        isTaken(.ipv4(.any, port: port)) || isTaken(.ipv6Any(port: port))
    }

    /// The process that listens at the port, for a person; nil if that cannot be known.
    static func holder(of port: UInt16, reader: InstanceReader = InstanceReader()) -> String? {
        let inodes = Set(listeners(at: port).map(\.inode))
        return inodes.isEmpty ? nil : ProcessTable.holder(of: inodes, reader: reader)
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
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
            (try? SmallFile.read(path, limit: 64 << 20)).map { Listener.parse($0, port: port) } ?? []
        }
    }

    private static func isTaken(_ address: SocketAddress) -> Bool {
        guard let descriptor = try? address.open() else { return false }
        defer { close(descriptor) }
        // As servers do: lingering connections of the last run are no reason to wait.
        SocketAddress.enable(SO_REUSEADDR, of: descriptor)
        do throws(SystemCallError) { try address.bind(descriptor) } catch { return error.number == EADDRINUSE }
        return false
    }
}
