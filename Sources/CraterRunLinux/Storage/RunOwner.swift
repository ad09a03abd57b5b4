internal import CLinux
internal import Glibc
internal import Synchronization

/// Shows other processes that a run is still looked after: a socket in the run's private directory, which can be
/// reached as long as a process has it open. However that process ends, even by SIGKILL, the socket ends with it.
///
/// Beside a job the init role has the socket open, so that a run outlives its supervisors.
package final class RunOwner: Sendable {
    private static let name = "owner"

    /// The sockets that we hold; the first one may be inherited, and is bound by the first supervisor.
    private let sockets: Mutex<[Int32]>

    /// - Parameter inherited: a socket that the init role has open, if it started us.
    package init(inherited: Int32? = nil) {
        sockets = Mutex(inherited.map { [$0] } ?? [])
    }

    deinit { for descriptor in sockets.withLock({ $0 }) { Glibc.close(descriptor) } }

    /// An unbound socket for a child to inherit.
    static func makeSocket() throws(SystemCallError) -> Int32 {
        try SocketAddress.openUnix(SOCK_DGRAM)
    }

    /// Marks a private directory as looked after, unless it is marked already.
    func mark(_ directory: HeldDirectory) throws(SystemCallError) {
        guard directory.failureToReach(RunOwner.name) != nil else { return }
        let new = "\(RunOwner.name).new"
        directory.remove(new)
        for descriptor in sockets.withLock({ $0 }) where (try? directory.bind(descriptor, to: new)) != nil {
            return try directory.rename(new, to: RunOwner.name)
        }
        // Each socket is bound in a directory that has been removed since.
        let own = try RunOwner.makeSocket()
        sockets.withLock { $0.append(own) }
        try directory.bind(own, to: new)
        try directory.rename(new, to: RunOwner.name)
    }

    /// Whether a private directory's owner is gone for certain.
    static func isGone(from directory: HeldDirectory) -> Bool {
        directory.failureToReach(name)?.number == ECONNREFUSED
    }
}
