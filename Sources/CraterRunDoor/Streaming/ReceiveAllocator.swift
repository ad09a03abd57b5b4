import NIOCore

/// Gives a connection's channel the shared buffer for each read.
///
/// NIO keeps the first buffer that a channel is given as long as the channel exists, and takes later ones from here (with
/// one message a read). So the first one is small, and 1,000 idle connections hold little memory.
struct ReceiveAllocator: RecvByteBufferAllocator, @unchecked Sendable {
    private static let firstSize = 256

    // Channels use their allocator on their event loop alone, which is the buffers' loop.
    private let buffers: SharedBuffers
    private var isFirst = true

    init(_ buffers: SharedBuffers) { self.buffers = buffers }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: ReceiveAllocator.firstSize) : buffers.takeForReceiving()
    }

    /// nil: NIO must not fill the buffer that it has kept.
    func nextBufferSize() -> Int? { nil }

    /// - Returns: true: NIO asks for another buffer for the next read.
    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }
}
