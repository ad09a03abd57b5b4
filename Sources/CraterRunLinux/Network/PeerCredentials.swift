internal import Glibc

/// The process at the other end of a unix socket, as the kernel noted it when that process connected or began to listen (unix(7),
/// SO_PEERCRED): struct ucred.
package struct PeerCredentials: Equatable, Sendable {
    /// The option's number at the level SOL_SOCKET, the same on x86-64 and arm64.
    package static let optionNumber: Int32 = 17

    /// 0 if the process is in a pid namespace that cannot be seen from ours.
    package var pid: Int32 = 0
    package var user: UInt32 = .max
    package var group: UInt32 = .max

    /// Credentials of nobody.
    package init() {}

    /// The credentials of a connection's other end; nil if the kernel does not tell.
    init?(of connection: Int32) {
        self.init()
        var size = socklen_t(MemoryLayout<PeerCredentials>.size)
        guard getsockopt(connection, SOL_SOCKET, PeerCredentials.optionNumber, &self, &size) == 0 else { return nil }
    }

    /// Whether the process may change what we do: only our own user and root may.
    package var mayChange: Bool { user == 0 || user == geteuid() }
}
