internal import CLinux
internal import Glibc
internal import Synchronization

/// Shows others that somebody still looks after a run: a socket in the run's private directory, which can be reached for as long as
/// a process has it open. Whatever ends that process, SIGKILL too, the socket is dead with it.
///
/// Beside a job the init role has it open, so that a run outlives its supervisors.
package final class RunOwner: Sendable {
    private static let name = "owner"

    /// What we hold; the first one may be inherited, and is bound by the first supervisor.
    private let sockets: Mutex<[Int32]>

    /// - Parameter inherited: a socket that the process has open which looks after us.
    package init(inherited: Int32? = nil) {
        sockets = Mutex(inherited.map { [$0] } ?? [])
    }

    deinit { for descriptor in sockets.withLock({ $0 }) { Glibc.close(descriptor) } }

    /// A socket to be inherited, which nobody has bound.
    static func makeSocket() throws(SystemCallError) -> Int32 {
        try systemCall("socket") {
            Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        }
    }

    /// Marks a private directory as one that is looked after, unless it is.
    func mark(_ directory: HeldDirectory) throws(SystemCallError) {
        guard directory.reach(RunOwner.name) != 0 else { return }
        let new = "\(RunOwner.name).new"
        directory.remove(new)
        for descriptor in sockets.withLock({ $0 }) where (try? directory.bind(descriptor, to: new)) != nil {
            return try directory.rename(new, to: RunOwner.name)
        }
        // It is bound in a directory that somebody has removed since.
        let own = try RunOwner.makeSocket()
        sockets.withLock { $0.append(own) }
        try directory.bind(own, to: new)
        try directory.rename(new, to: RunOwner.name)
    }

    /// Whether a private directory's owner is gone for certain.
    static func isGone(from directory: HeldDirectory) -> Bool { directory.reach(name) == ECONNREFUSED }
}
