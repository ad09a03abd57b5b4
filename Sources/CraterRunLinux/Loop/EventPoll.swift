internal import CLinux
internal import Glibc

/// An epoll instance (epoll(7)): says which of its descriptors are ready, by tokens.
final class EventPoll {
    private let descriptor: Int32
    private var events: [epoll_event] = Array(repeating: epoll_event(), count: 32)

    /// What is waited for at a descriptor.
    struct Interest: OptionSet {
        let rawValue: UInt32
        static let input = Interest(rawValue: UInt32(EPOLLIN.rawValue))
        static let output = Interest(rawValue: UInt32(EPOLLOUT.rawValue))
    }

    init() throws(SystemCallError) {
        descriptor = try systemCall("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    }

    deinit { close(descriptor) }

    func add(_ target: Int32, _ interest: Interest, token: UInt64) throws(SystemCallError) {
        try control(EPOLL_CTL_ADD, target, interest, token)
    }

    func change(_ target: Int32, _ interest: Interest, token: UInt64) throws(SystemCallError) {
        try control(EPOLL_CTL_MOD, target, interest, token)
    }

    /// Must come before the descriptor is closed: a copy of it in a child would keep it in the set.
    func remove(_ target: Int32) {
        _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, target, nil)
    }

    /// The tokens of the descriptors that are ready; waits until there is one.
    func wait() throws(SystemCallError) -> [UInt64] {
        let count = try systemCall("epoll_wait") { epoll_wait(descriptor, &events, Int32(events.count), -1) }
        return events.prefix(Int(count)).map { $0.data.u64 }
    }

    private func control(_ operation: Int32, _ target: Int32, _ interest: Interest, _ token: UInt64)
        throws(SystemCallError)
    {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = token
        try systemCall("epoll_ctl") { epoll_ctl(descriptor, operation, target, &event) }
    }
}
