internal import CLinux
internal import CraterRunCore
internal import Glibc

/// An epoll instance (epoll(7)). Each descriptor is added together with the handler that is called when the descriptor
/// is ready.
///
/// A handler may add and remove descriptors, its own included. If a descriptor is removed after a wait found it ready,
/// no handler is called for that event, even if the descriptor's number belongs to another file by then.
final class EventPoll {
    /// The events of a descriptor that the poll waits for.
    struct Interest: OptionSet {
        let rawValue: UInt32
        static let input = Interest(rawValue: UInt32(EPOLLIN.rawValue))
        static let output = Interest(rawValue: UInt32(EPOLLOUT.rawValue))
    }

    /// A descriptor that a wait found ready.
    struct Ready: Equatable {
        let descriptor: Int32
        fileprivate let generation: UInt32
    }

    /// Called with the time at which the wait ended.
    typealias Handler = (_ now: MonotonicInstant) -> Void

    private struct Registration {
        let descriptor: Int32
        /// Differs between two additions of the same descriptor number.
        let generation: UInt32
        let handler: Handler
    }

    private let descriptor: Int32
    private var events: [epoll_event] = Array(repeating: epoll_event(), count: 32)
    /// An array, since there are a few dozen at most, and the setup of a dictionary would delay the job's start.
    private var registrations: [Registration] = []
    private var lastGeneration: UInt32 = 0

    init() throws(SystemCallError) {
        descriptor = try systemCall("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    }

    deinit { close(descriptor) }

    /// - Parameter handler: must not hold a strong reference to the owner of this poll.
    /// - Throws: ``SystemCallError``; EEXIST if the descriptor has already been added: then nothing changes.
    func add(_ target: Int32, _ interest: Interest, handler: @escaping Handler) throws(SystemCallError) {
        let generation = lastGeneration &+ 1
        try control(EPOLL_CTL_ADD, target, interest, generation)
        lastGeneration = generation
        // A descriptor that was closed without being removed has left its registration behind.
        registrations.removeAll { $0.descriptor == target }
        registrations.append(Registration(descriptor: target, generation: generation, handler: handler))
    }

    /// Waits for other events of a descriptor; the handler stays the same.
    func change(_ target: Int32, _ interest: Interest) throws(SystemCallError) {
        try control(EPOLL_CTL_MOD, target, interest, registration(of: target)?.generation ?? 0)
    }

    /// Must be called before the descriptor is closed: a copy of the descriptor in a child would keep the file in the
    /// epoll set.
    func remove(_ target: Int32) {
        registrations.removeAll { $0.descriptor == target }
        _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, target, nil)
    }

    /// Waits until a descriptor is ready, and returns those that are ready.
    func wait() throws(SystemCallError) -> [Ready] {
        let count = try systemCall("epoll_wait") { epoll_wait(descriptor, &events, Int32(events.count), -1) }
        return events.prefix(Int(count)).map { event in
            let data = event.data.u64
            return Ready(
                descriptor: Int32(truncatingIfNeeded: data), generation: UInt32(truncatingIfNeeded: data >> 32))
        }
    }

    /// Calls the handler of a descriptor that is ready, unless the descriptor was removed since the wait.
    func handle(_ ready: Ready, at now: MonotonicInstant) {
        guard let registration = registration(of: ready.descriptor), registration.generation == ready.generation else {
            return
        }
        registration.handler(now)
    }

    private func registration(of target: Int32) -> Registration? { registrations.first { $0.descriptor == target } }

    private func control(_ operation: Int32, _ target: Int32, _ interest: Interest, _ generation: UInt32)
        throws(SystemCallError)
    {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: target))
        try systemCall("epoll_ctl") { epoll_ctl(descriptor, operation, target, &event) }
    }
}
