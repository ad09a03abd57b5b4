internal import CraterRunCore
internal import Glibc

extension HeldDirectory {
    /// Whether a process listens at the socket of this name.
    func isServed(_ name: String) -> Bool { address(of: name).isServed }

    /// Whether the process that listens at the socket of this name is in a pid namespace that is neither ours nor below ours.
    func isOutOfSight(_ name: String) -> Bool {
        (try? address(of: name).withConnection { PeerCredentials(of: $0)?.pid }) == 0
    }

    /// Why the datagram socket of this name cannot be reached; nil while a process has the socket open.
    func failureToReach(_ name: String) -> SystemCallError? {
        do throws(SystemCallError) {
            return try address(of: name).withConnection(SOCK_DGRAM) { _ in nil }
        } catch { return error }
    }

    /// Binds a unix socket to a name in this directory. The directory must have no entry of the name.
    func bind(_ descriptor: Int32, to name: String) throws(SystemCallError) {
        try address(of: name).bind(descriptor, on: path(of: name))
    }

    private func address(of name: String) -> SocketAddress { .unix(path: descriptorPath(of: name)) }
}
