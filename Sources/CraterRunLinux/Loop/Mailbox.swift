internal import CLinux
internal import Glibc
internal import Synchronization

/// What other threads have for the reactor's. Whoever posts never waits; the reactor is woken, and takes it all.
final class Mailbox<Message: Sendable>: Sendable {
    /// Ready for reading when there is something; for the reactor's poll.
    let descriptor: Int32
    private let messages = Mutex<[Message]>([])

    /// - Throws: ``SystemCallError`` where the host refuses a descriptor.
    init() throws(SystemCallError) {
        descriptor = try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
    }

    deinit { close(descriptor) }

    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        wake()
    }

    /// Wakes the reactor.
    func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// What was posted since the last call, in order.
    func take() -> [Message] {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        return messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
