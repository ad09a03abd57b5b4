import CraterRunCore
import CraterRunLinux

/// Reads the supervisor's messages from the link, on a thread that waits for them.
struct LinkReceiver {
    /// A message, and the descriptors that came with it.
    struct Delivery: Sendable {
        let message: DoorMessage
        let descriptors: [Int32]
    }

    private let descriptor: Int32
    private var decoder = LinkDecoder<DoorMessage>()
    /// What has come and belongs to a message that is not whole yet.
    private var descriptors: [Int32] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Reads until the link ends.
    ///
    /// - Returns: why the link cannot be read any further; nil if the supervisor has closed it.
    mutating func run(_ deliver: (Delivery) -> Void) -> String? {
        defer { DescriptorSocket.close(descriptors) }
        while let read = DescriptorSocket.receive(from: descriptor) {
            descriptors += read.descriptors
            decoder.take(read.bytes)
            do throws(LinkFailure) {
                while let message = try decoder.next() { deliver(try complete(message)) }
            } catch {
                return error.reason
            }
        }
        return nil
    }

    private mutating func complete(_ message: DoorMessage) throws(LinkFailure) -> Delivery {
        guard case .listen(let ports) = message else { return Delivery(message: message, descriptors: []) }
        guard descriptors.count >= ports.count else { throw .malformed("sockets are missing") }
        defer { descriptors.removeFirst(ports.count) }
        return Delivery(message: message, descriptors: Array(descriptors.prefix(ports.count)))
    }
}
