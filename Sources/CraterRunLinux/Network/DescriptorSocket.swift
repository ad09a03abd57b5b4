internal import CLinux
internal import Glibc

/// Messages over a UNIX stream socket that carry descriptors (unix(7), SCM_RIGHTS).
package enum DescriptorSocket {
    /// What has come in one read.
    package struct Message: Sendable {
        package let bytes: [UInt8]
        /// The descriptors that came with these bytes, in the sender's order. They belong to the receiver, and a program
        /// that is executed does not get them.
        package let descriptors: [Int32]
    }

    /// The most descriptors that ``send(_:descriptors:to:)`` takes at once.
    package static let mostDescriptors = Int(CLINUX_MESSAGE_DESCRIPTORS)

    /// Waits for bytes.
    ///
    /// - Returns: nil if the other end is closed, or the socket is broken.
    package static func receive(from socket: Int32) -> Message? {
        while true {
            do throws(SystemCallError) { return try receiveNow(from: socket) } catch {
                // The socket may be one whose calls do not wait.
                guard error.number == EAGAIN, awaitInput(at: socket) else { return nil }
            }
        }
    }

    /// The same in a single call. It does not wait if the socket is one whose calls do not.
    static func receiveNow(from socket: Int32) throws(SystemCallError) -> Message? {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        var descriptors = [Int32](repeating: -1, count: mostDescriptors)
        var count = 0
        let received = try systemCall("recvmsg") {
            clinux_receive(socket, &bytes, bytes.count, &descriptors, &count)
        }
        guard received > 0 else { return nil }
        return Message(bytes: Array(bytes.prefix(received)), descriptors: Array(descriptors.prefix(count)))
    }

    private static func awaitInput(at socket: Int32) -> Bool {
        var interest = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return (try? systemCall("poll") { poll(&interest, 1, -1) }) != nil
    }

    /// Sends as many of the bytes as the socket takes without waiting. The descriptors go with the first byte, and remain
    /// the sender's.
    ///
    /// - Returns: how many bytes were sent; 0 if the socket takes none now, and then no descriptor was sent.
    /// - Throws: ``SystemCallError`` if the other end is closed, or the socket is broken.
    package static func send(
        _ bytes: some Collection<UInt8>, descriptors: [Int32] = [], to socket: Int32
    ) throws(SystemCallError) -> Int {
        let bytes = Array(bytes)
        do throws(SystemCallError) {
            return try systemCall("sendmsg") {
                bytes.withUnsafeBytes { clinux_send(socket, $0.baseAddress, $0.count, descriptors, descriptors.count) }
            }
        } catch {
            guard error.number == EAGAIN || error.number == ENOBUFS else { throw error }
            return 0
        }
    }

    /// Closes descriptors that have come and are of no use.
    package static func close(_ descriptors: some Sequence<Int32>) {
        for descriptor in descriptors { Glibc.close(descriptor) }
    }
}
