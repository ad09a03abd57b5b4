internal import Glibc

/// Who is at the other end of a unix socket, as the kernel wrote it down when the connection was made (unix(7), SO_PEERCRED):
/// struct ucred.
package struct PeerCredentials: Equatable, Sendable {
    /// The option's number at the level SOL_SOCKET, the same on x86-64 and arm64.
    package static let optionNumber: Int32 = 17

    /// 0 where it is in another pid namespace.
    package var pid: Int32 = 0
    package var user: UInt32 = .max
    package var group: UInt32 = .max

    package init() {}

    /// Whether it may change what we do: our own user may, and root.
    package var mayChange: Bool { user == 0 || user == geteuid() }
}
