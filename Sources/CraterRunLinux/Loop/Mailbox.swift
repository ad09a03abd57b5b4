internal import CLinux
internal import Glibc
internal import Synchronization

/// Passes messages from other threads to the reactor's thread. A post never waits; it wakes the reactor, which takes
/// all messages.
final class Mailbox<Message: Sendable>: Sendable {
    /// For the reactor's poll: ready for reading when there is a message.
    let descriptor: Int32
    private let messages = Mutex<[Message]>([])

    /// - Throws: ``SystemCallError`` if the host refuses a descriptor.
    init() throws(SystemCallError) {
        descriptor = try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
    }

    deinit { close(descriptor) }

    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        wake()
    }

    /// Wakes the reactor without a message.
    func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// The messages that were posted since the last call, in order.
    func take() -> [Message] {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        return messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
