internal import CLinux
package import CraterRunCore
internal import Glibc
internal import Synchronization

/// Connects the reactor's thread with the thread that answers requests. Neither ever waits for the other: the reactor
/// leaves a snapshot after each event; the other thread leaves commands and wakes the reactor.
package final class SupervisorExchange: Sendable {
    /// How many requests may wait. If more came, the reactor would be stuck, or a client would be sending too many.
    private static let capacity = 1024

    /// A request to the reactor.
    enum Request: Sendable {
        /// Asks whether the reactor's loop turns.
        case ping
        case command(ControlCommand)
    }

    struct Posted: Sendable {
        let request: Request
        /// Nil for a request that nobody withdraws.
        let claim: Claim?
        /// Called once, on the reactor's thread, with the answer; nil answers a ping. Must not wait.
        let reply: @Sendable (ControlAnswer?) -> Void
    }

    /// The right to decide about a command. The reactor takes it to carry the command out; the answering thread takes
    /// it to give up waiting. So a command that was answered as refused is never carried out.
    package final class Claim: Sendable {
        private let isOpen = Mutex(true)

        package init() {}

        /// - Returns: whether this call was the first one, and so has the right.
        package func take() -> Bool {
            isOpen.withLock { isOpen in
                defer { isOpen = false }
                return isOpen
            }
        }
    }

    private struct State: ~Copyable {
        var snapshot: SupervisorSnapshot
        var posted: [Posted] = []
    }

    /// For the reactor's poll: ready for reading when a request waits.
    let descriptor: Int32
    private let state: Mutex<State>
    /// When the reactor last turned, on the monotonic clock in nanoseconds.
    private let turned: Atomic<Int64>

    /// - Throws: ``SystemCallError`` if the host refuses a descriptor.
    package init(identity: SupervisorIdentity) throws(SystemCallError) {
        descriptor = try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
        state = Mutex(State(snapshot: SupervisorSnapshot(identity: identity, report: SupervisorReport())))
        turned = Atomic(MonotonicClock.now().nanoseconds)
    }

    deinit { close(descriptor) }

    // MARK: For the thread that answers requests

    /// The state of the supervisor and its apps after the last event.
    package var snapshot: SupervisorSnapshot { state.withLock { $0.snapshot } }

    /// When the reactor last turned.
    package var lastTurn: MonotonicInstant { MonotonicInstant(nanoseconds: turned.load(ordering: .relaxed)) }

    /// Asks whether the reactor turns.
    ///
    /// - Parameter reply: called on the reactor's thread when the reactor turns; must not wait.
    /// - Returns: false if too many requests wait already: then no reply comes.
    package func ping(_ reply: @escaping @Sendable () -> Void) -> Bool {
        post(Posted(request: .ping, claim: nil) { _ in reply() })
    }

    /// Asks the reactor to carry out a command.
    ///
    /// - Parameters:
    ///   - claim: once another thread has taken the claim, the reactor does not carry out the command.
    ///   - reply: called on the reactor's thread with the result; must not wait.
    /// - Returns: false if too many requests wait already: then the command is not carried out.
    package func post(
        _ command: ControlCommand, claim: Claim, _ reply: @escaping @Sendable (ControlAnswer) -> Void
    ) -> Bool {
        post(
            Posted(request: .command(command), claim: claim) { answer in
                if let answer { reply(answer) }
            })
    }

    private func post(_ posted: Posted) -> Bool {
        let hasRoom = state.withLock { state in
            guard state.posted.count < SupervisorExchange.capacity else { return false }
            state.posted.append(posted)
            return true
        }
        var one: UInt64 = 1
        if hasRoom { _ = write(descriptor, &one, MemoryLayout<UInt64>.size) }
        return hasRoom
    }

    // MARK: For the reactor

    func publish(_ report: SupervisorReport, orphansReaped: Int) {
        state.withLock { state in
            state.snapshot = SupervisorSnapshot(
                identity: state.snapshot.identity, report: report, orphansReaped: orphansReaped)
        }
    }

    func hasTurned(at now: MonotonicInstant) { turned.store(now.nanoseconds, ordering: .relaxed) }

    /// The requests that were posted since the last call, in order.
    func take() -> [Posted] {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        return state.withLock { state in
            defer { state.posted = [] }
            return state.posted
        }
    }
}
