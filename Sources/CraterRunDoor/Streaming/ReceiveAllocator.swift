import NIOCore

/// Gives a connection's channel the shared buffer for each read.
///
/// NIO keeps the first buffer that a channel is given as long as the channel exists, and takes later ones from here (with
/// one message a read). So the first one is small, and 1,000 idle connections hold little memory.
struct ReceiveAllocator: RecvByteBufferAllocator, @unchecked Sendable {
    // Channels use their allocator on their event loop alone, which is the buffers' loop.
    private let buffers: SharedBuffers
    private let firstRead: Int
    private var isFirst = true

    /// - Parameter firstRead: the size of the first buffer, in bytes.
    init(_ buffers: SharedBuffers, firstRead: Int) {
        self.buffers = buffers
        self.firstRead = firstRead
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: firstRead) : buffers.takeForReceiving()
    }

    /// nil: NIO must not fill the buffer that it has kept.
    func nextBufferSize() -> Int? { nil }

    /// - Returns: true: NIO asks for another buffer for the next read.
    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }
}
