import NIOCore

/// Buffers that all connections of the event loop share, so that a connection that waits keeps none.
///
/// A buffer is taken for one read or one write, and given back after that. If its bytes still wait to be written, the
/// buffer is not used again, and is freed with the write.
final class SharedBuffers {
    /// How many bytes one read takes, at most.
    static let receiveSize = 65_536
    /// The size of the buffers in which small pieces are gathered.
    static let gatherSize = 16_384

    private let allocator = ByteBufferAllocator()
    private var receiving: ByteBuffer?
    private var gathering: ByteBuffer?

    /// An empty buffer for a read.
    func takeForReceiving() -> ByteBuffer {
        SharedBuffers.take(&receiving) ?? allocator.buffer(capacity: SharedBuffers.receiveSize)
    }

    /// An empty buffer for small pieces.
    func takeForGathering() -> ByteBuffer {
        SharedBuffers.take(&gathering) ?? allocator.buffer(capacity: SharedBuffers.gatherSize)
    }

    func giveBackReceived(_ buffer: ByteBuffer) {
        // The first buffer of a connection is a small one.
        if buffer.storageCapacity >= SharedBuffers.receiveSize { receiving = buffer }
    }

    func giveBackGathered(_ buffer: ByteBuffer) {
        // A long head makes its buffer larger.
        let size = buffer.storageCapacity
        if size >= SharedBuffers.gatherSize, size <= SharedBuffers.receiveSize { gathering = buffer }
    }

    /// A buffer of its own for bytes that have to wait.
    func copy(_ bytes: ByteBuffer) -> ByteBuffer {
        var copy = allocator.buffer(capacity: bytes.readableBytes)
        copy.writeImmutableBuffer(bytes)
        return copy
    }

    /// Takes the buffer unless another owner still needs its bytes.
    private static func take(_ spare: inout ByteBuffer?) -> ByteBuffer? {
        guard var buffer = spare else { return nil }
        spare = nil
        return buffer.modifyIfUniquelyOwned { $0.clear() } == nil ? nil : buffer
    }
}
