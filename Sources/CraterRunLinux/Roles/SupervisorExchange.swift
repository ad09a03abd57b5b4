internal import CLinux
package import CraterRunCore
internal import Glibc
internal import Synchronization

/// Where the reactor's thread and the thread that answers requests meet. Neither ever waits for the other: the reactor leaves
/// a snapshot after each event, the other thread leaves commands and wakes it.
package final class SupervisorExchange: Sendable {
    /// Commands that wait at most; more than these, and the reactor is stuck or somebody plays.
    private static let capacity = 1024

    /// What is asked of the reactor.
    enum Request: Sendable {
        /// Whether it turns.
        case ping
        case command(ControlCommand)
    }

    struct Posted: Sendable {
        let request: Request
        /// Nil for what nobody withdraws.
        let claim: Claim?
        /// Called once, on the reactor's thread, and must not wait. A ping is answered with nil.
        let reply: @Sendable (ControlAnswer?) -> Void
    }

    /// Who has the last word on a command: the reactor, which follows it, or the thread that answers, which gives up waiting.
    /// A command that was answered as refused is never carried out.
    package final class Claim: Sendable {
        private let isOpen = Mutex(true)

        package init() {}

        /// - Returns: whether nobody was faster.
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

    /// Wakes the reactor; for its poll.
    let descriptor: Int32
    private let state: Mutex<State>
    /// When the reactor last turned, on the monotonic clock in nanoseconds.
    private let turned: Atomic<Int64>

    /// - Throws: ``SystemCallError`` where the host refuses a descriptor.
    package init(identity: SupervisorIdentity) throws(SystemCallError) {
        descriptor = try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
        state = Mutex(State(snapshot: SupervisorSnapshot(identity: identity, report: SupervisorReport())))
        turned = Atomic(MonotonicClock.now().nanoseconds)
    }

    deinit { close(descriptor) }

    // MARK: For the thread that answers requests

    /// How everything stood after the last event.
    package var snapshot: SupervisorSnapshot { state.withLock { $0.snapshot } }

    /// When the reactor last turned.
    package var lastTurn: MonotonicInstant { MonotonicInstant(nanoseconds: turned.load(ordering: .relaxed)) }

    /// Asks whether the reactor turns.
    ///
    /// - Parameter reply: called on the reactor's thread when it does; must not wait.
    /// - Returns: false where too much waits already, so that no answer will come.
    package func ping(_ reply: @escaping @Sendable () -> Void) -> Bool {
        post(Posted(request: .ping, claim: nil) { _ in reply() })
    }

    /// Has the reactor follow a command.
    ///
    /// - Parameters:
    ///   - claim: whoever takes it first decides: once it was taken elsewhere, the reactor leaves the command alone.
    ///   - reply: called on the reactor's thread with what became of it; must not wait.
    /// - Returns: false where too much waits already, so that nothing will come of it.
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

    /// What was posted since the last call, in order.
    func take() -> [Posted] {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        return state.withLock { state in
            defer { state.posted = [] }
            return state.posted
        }
    }
}
