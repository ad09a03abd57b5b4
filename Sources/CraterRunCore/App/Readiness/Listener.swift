/// A listening TCP socket, as a line of /proc/net/tcp or /proc/net/tcp6 shows it (proc(5)).
package struct Listener: Equatable, Sendable {
    package let port: UInt16
    package let isLoopback: Bool
    /// Nil if the address is not known.
    package let address: HostAddress?
    package let inode: UInt64
    package let uid: UInt32

    package init(port: UInt16, isLoopback: Bool, address: HostAddress? = nil, inode: UInt64, uid: UInt32) {
        self.port = port
        self.isLoopback = isLoopback
        self.address = address
        self.inode = inode
        self.uid = uid
    }

    /// Finds the listeners in the text of /proc/net/tcp or /proc/net/tcp6: those at the port `wanted`, or all if it is
    /// nil. Other lines are skipped.
    package static func parse(_ table: [UInt8], port wanted: UInt16? = nil) -> [Listener] {
        sockets(in: table, port: wanted, listening: true)
    }

    /// The inodes of the connections whose own end is this port; 0 for those that have ended.
    package static func connections(_ table: [UInt8], at port: UInt16) -> [UInt64] {
        sockets(in: table, port: port, listening: false).map(\.inode)
    }

    private static func sockets(in table: [UInt8], port wanted: UInt16?, listening: Bool) -> [Listener] {
        table.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
            // The fields: sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode. The state 0A is
            // TCP_LISTEN.
            guard fields.count > 9, fields[3].elementsEqual("0A".utf8) == listening else { return nil }
            let local = fields[1].split(separator: UInt8(ascii: ":"))
            guard local.count == 2, let port = UInt16(String(decoding: local[1], as: UTF8.self), radix: 16),
                wanted.map({ $0 == port }) ?? true,
                let uid = UInt32(String(decoding: fields[7], as: UTF8.self)),
                let inode = UInt64(String(decoding: fields[9], as: UTF8.self))
            else { return nil }
            let address = HostAddress(kernelWords: String(decoding: local[0], as: UTF8.self))
            return Listener(
                port: port, isLoopback: address?.isLoopback ?? false, address: address, inode: inode, uid: uid)
        }
    }

    /// The address at which to check an app that has these listeners, but none at 127.0.0.1. An address that the
    /// ingress can reach is preferred. Nil if no address is known.
    package static func target(of listeners: [Listener]) -> HostAddress? {
        let addresses = listeners.compactMap(\.address)
        return (addresses.first { !$0.isLoopback } ?? addresses.first)?.target
    }
}
