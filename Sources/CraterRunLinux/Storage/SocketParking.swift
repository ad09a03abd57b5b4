internal import CLinux
internal import Glibc

/// A place where sockets outlive the processes that opened them: a pair of connected UNIX sockets. Copies of a process's
/// sockets are sent into one end (unix(7), SCM_RIGHTS), and not received from the other end. While they are under way
/// like this, the kernel keeps them open.
///
/// The init role holds both ends, and does nothing else with them. Each of its supervisors inherits both.
package final class SocketParking: Sendable {
    /// The end into which sockets are sent, and the end from which they are received.
    private let (entry, exit): (Int32, Int32)

    init() throws(SystemCallError) {
        var ends: [Int32] = [-1, -1]
        // One read gets one message. No call on an end waits.
        let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        try systemCall("socketpair") { socketpair(AF_UNIX, type, 0, &ends) }
        (entry, exit) = (ends[0], ends[1])
    }

    /// Takes both ends over.
    ///
    /// - Parameter first: the entry's descriptor; the exit has the next one.
    /// - Returns: nil if they are no sockets: then the init role did not start us.
    package init?(inherited first: Int32) {
        guard first > 2, first < Int32.max else { return nil }
        (entry, exit) = (first, first + 1)
        for end in [entry, exit] {
            guard (try? FileStatus(of: end))?.kind == .socket else { return nil }
        }
        // Apps must not inherit them.
        for end in [entry, exit] { _ = clinux_set_close_on_exec(end) }
    }

    deinit {
        Glibc.close(entry)
        Glibc.close(exit)
    }

    /// The descriptors that a supervisor gets, and their numbers there.
    var passed: [(source: Int32, target: Int32)] { [(entry, 5), (exit, 6)] }
    /// The arguments that tell a supervisor these numbers.
    static let arguments = ["--parking", "5"]

    /// Parks copies of these sockets. The kernel limits how many may be under way: a socket above the limit is not
    /// parked.
    ///
    /// - Returns: the number of messages that carry them.
    func park(_ sockets: [Int32]) -> Int {
        var messages = 0
        var rest = sockets[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(DescriptorSocket.mostDescriptors))
            rest = rest.dropFirst(some.count)
            if let sent = try? DescriptorSocket.send([0], descriptors: some, to: entry), sent > 0 { messages += 1 }
        }
        return messages
    }

    /// Takes the sockets of the oldest message that is under way; they belong to the caller. Nil if there is none.
    func take() -> [Int32]? { (try? DescriptorSocket.receiveNow(from: exit))?.descriptors }
}
