import CraterRunCore
import CraterRunLinux

/// The door's end of the link to its supervisor, as far as replies go. Used on the event loop; no call waits.
final class DoorLink {
    /// In bytes. A supervisor that reads nothing for long loses replies.
    private static let longestBacklog = 262_144

    private let descriptor: Int32
    private var backlog: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Returns: whether the reply is on its way; false if it is lost.
    func tell(_ reply: DoorReply) -> Bool {
        guard let frame = reply.frame(), backlog.count + frame.count <= DoorLink.longestBacklog else { return false }
        backlog += frame
        send()
        return true
    }

    /// Sends what the socket has not taken before.
    func send() {
        // If the supervisor is gone, the thread that reads sees that as well, and ends the process.
        while !backlog.isEmpty, let sent = try? DescriptorSocket.send(backlog, to: descriptor), sent > 0 {
            backlog.removeFirst(sent)
        }
    }
}
